SELECT
  "t5"."kw_by",
  "t5"."kw_entity",
  "t5"."kw_stretch",
  "t5"."kw_arrival",
  SUM("t5"."uses") AS "p0",
  COUNT(*) AS "p1"
FROM (
  SELECT
    "t4"."kw_entity",
    "t4"."kw_day",
    "t4"."kw_time",
    "t4"."kw_recorded",
    "t4"."kw_age",
    "t4"."feature",
    "t4"."uses",
    "t4"."feature" AS "kw_by",
    CASE
      WHEN "t4"."kw_age" < 28
      THEN CASE WHEN "t4"."kw_age" < 7 THEN 0 ELSE 1 END
      ELSE CASE
        WHEN "t4"."kw_age" < 29
        THEN 2
        ELSE CASE WHEN "t4"."kw_age" < 36 THEN 3 ELSE 4 END
      END
    END AS "kw_stretch",
    0 AS "kw_arrival"
  FROM (
    SELECT
      "t3"."account_id" AS "kw_entity",
      "t3"."kw_day",
      "t3"."kw_time",
      "t3"."kw_recorded",
      DATE_MI(MAKE_DATE(2024, 3, 5), "t3"."kw_day") AS "kw_age",
      "t3"."feature",
      "t3"."uses"
    FROM (
      SELECT
        *
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
          FROM "snapshots"."usage" AS "t0"
          WHERE
            "t0"."day" < MAKE_DATE(2024, 3, 6) AND "t0"."day" >= MAKE_DATE(2024, 1, 9)
        ) AS "t1"
      ) AS "t2"
      WHERE
        NOT "t2"."account_id" IS NULL
    ) AS "t3"
  ) AS "t4"
) AS "t5"
GROUP BY
  1,
  2,
  3,
  4
;

SELECT
  "t6"."kw_by",
  "t6"."kw_entity",
  "t6"."kw_stretch",
  "t6"."kw_arrival",
  COUNT(*) AS "p0"
FROM (
  SELECT
    "t5"."kw_by",
    "t5"."kw_entity",
    "t5"."kw_stretch",
    "t5"."kw_age",
    MIN("t5"."kw_arrival") AS "kw_arrival"
  FROM (
    SELECT
      "t4"."kw_entity",
      "t4"."kw_day",
      "t4"."kw_time",
      "t4"."kw_recorded",
      "t4"."kw_age",
      "t4"."feature",
      "t4"."uses",
      "t4"."feature" AS "kw_by",
      CASE
        WHEN "t4"."kw_age" < 28
        THEN CASE WHEN "t4"."kw_age" < 7 THEN 0 ELSE 1 END
        ELSE CASE
          WHEN "t4"."kw_age" < 29
          THEN 2
          ELSE CASE WHEN "t4"."kw_age" < 36 THEN 3 ELSE 4 END
        END
      END AS "kw_stretch",
      0 AS "kw_arrival"
    FROM (
      SELECT
        "t3"."account_id" AS "kw_entity",
        "t3"."kw_day",
        "t3"."kw_time",
        "t3"."kw_recorded",
        DATE_MI(MAKE_DATE(2024, 3, 5), "t3"."kw_day") AS "kw_age",
        "t3"."feature",
        "t3"."uses"
      FROM (
        SELECT
          *
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
            FROM "snapshots"."usage" AS "t0"
            WHERE
              "t0"."day" < MAKE_DATE(2024, 3, 6) AND "t0"."day" >= MAKE_DATE(2024, 1, 9)
          ) AS "t1"
        ) AS "t2"
        WHERE
          NOT "t2"."account_id" IS NULL
      ) AS "t3"
    ) AS "t4"
  ) AS "t5"
  GROUP BY
    1,
    2,
    3,
    4
) AS "t6"
GROUP BY
  1,
  2,
  3,
  4
