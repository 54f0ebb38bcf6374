SELECT
  "t3"."kw_by",
  "t3"."kw_entity",
  ARRAY_AGG(CAST("t3"."kw_age" AS SMALLINT)) FILTER(WHERE
    NOT CAST("t3"."kw_age" AS SMALLINT) IS NULL) AS "kw_cell",
  ARRAY_AGG(COALESCE("t3"."uses", 0)) FILTER(WHERE
    NOT COALESCE("t3"."uses", 0) IS NULL) AS "p0"
FROM (
  SELECT
    "t2"."account_id" AS "kw_entity",
    "t2"."kw_day",
    "t2"."kw_time",
    "t2"."kw_recorded",
    DATE_DIFF('DAY', "t2"."kw_day", MAKE_DATE(2024, 3, 5)) AS "kw_age",
    "t2"."feature",
    "t2"."uses",
    "t2"."feature" AS "kw_by"
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
        "t0"."day" < MAKE_DATE(2024, 3, 6) AND "t0"."day" >= MAKE_DATE(2024, 1, 9)
    ) AS "t1"
  ) AS "t2"
  WHERE
    NOT "t2"."account_id" IS NULL
) AS "t3"
GROUP BY
  1,
  2
