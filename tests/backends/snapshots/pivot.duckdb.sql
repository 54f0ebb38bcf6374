SELECT
  "t4"."kw_entity",
  MAX(CASE WHEN "t4"."feature" = 'a' THEN "t4"."p0" ELSE CAST(NULL AS BIGINT) END) AS "a_uses",
  MAX(CASE WHEN "t4"."feature" = 'b' THEN "t4"."p0" ELSE CAST(NULL AS BIGINT) END) AS "b_uses",
  BIT_COUNT(
    COALESCE(BIT_OR("t4"."p1_0") FILTER(WHERE
      "t4"."feature" = 'c'), 0) & 268435455
  ) AS "c_days",
  SUM(
    CAST((
      (
        "t4"."p1_0" & 268435455
      ) <> 0
    ) AND (
      NOT "t4"."feature" IS NULL
    ) AS INT)
  ) AS "breadth"
FROM (
  SELECT
    "t3"."kw_entity",
    "t3"."feature",
    SUM("t3"."uses") FILTER(WHERE
      "t3"."kw_age" < 7) AS "p0",
    COALESCE(
      BIT_OR(
        CASE
          WHEN "t3"."kw_age" BETWEEN 0 AND 59
          THEN 1 << "t3"."kw_age"
          ELSE CAST(NULL AS BIGINT)
        END
      ),
      0
    ) AS "p1_0"
  FROM (
    SELECT
      "t2"."account_id" AS "kw_entity",
      "t2"."kw_day",
      "t2"."kw_time",
      "t2"."kw_recorded",
      DATE_DIFF('DAY', "t2"."kw_day", MAKE_DATE(2024, 3, 5)) AS "kw_age",
      "t2"."feature",
      "t2"."uses"
    FROM (
      SELECT
        "t1"."account_id",
        "t1"."feature",
        "t1"."uses",
        "t1"."day" AS "kw_day",
        TIMEZONE('UTC', TIMEZONE('Europe/Berlin', CAST("t1"."day" AS TIMESTAMP))) AS "kw_time",
        TIMEZONE('UTC', TIMEZONE('Europe/Berlin', CAST("t1"."day" AS TIMESTAMP))) AS "kw_recorded"
      FROM (
        SELECT
          *
        FROM "snapshots.usage" AS "t0"
        WHERE
          "t0"."day" < MAKE_DATE(2024, 3, 6) AND "t0"."day" >= MAKE_DATE(2024, 2, 7)
      ) AS "t1"
    ) AS "t2"
    WHERE
      NOT "t2"."account_id" IS NULL
  ) AS "t3"
  GROUP BY
    1,
    2
) AS "t4"
GROUP BY
  1
