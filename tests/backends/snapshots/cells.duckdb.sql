SELECT
  "t4"."kw_entity",
  "t4"."kw_stretch",
  "t4"."kw_arrival",
  MIN("t4"."rank:00ccff4611b6a59a") FILTER(WHERE
    NOT "t4"."word" IS NULL) AS "p0",
  FIRST("t4"."word" ORDER BY "t4"."rank:00ccff4611b6a59a") FILTER(WHERE
    NOT "t4"."word" IS NULL) AS "v0",
  FIRST("t4"."kw_age" ORDER BY "t4"."rank:00ccff4611b6a59a") FILTER(WHERE
    NOT "t4"."word" IS NULL) AS "a0",
  MAX("t4"."word") FILTER(WHERE
    "t4"."word" LIKE 'a%') AS "p1",
  MIN("t4"."kw_age") FILTER(WHERE
    "t4"."word" LIKE 'a%' AND (
      NOT "t4"."word" IS NULL
    )) AS "p2"
FROM (
  SELECT
    "t3"."kw_entity",
    "t3"."kw_day",
    "t3"."kw_time",
    "t3"."kw_recorded",
    "t3"."kw_age",
    "t3"."kw_key",
    "t3"."word",
    "t3"."kw_stretch",
    "t3"."kw_arrival",
    ROW_NUMBER() OVER (
      PARTITION BY "t3"."kw_entity"
      ORDER BY CASE WHEN COALESCE(NOT "t3"."word" IS NULL, FALSE) THEN 0 ELSE 1 END ASC, "t3"."kw_time" DESC, "t3"."kw_recorded" DESC, "t3"."kw_key" DESC, "t3"."word" DESC
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) - 1 AS "rank:00ccff4611b6a59a"
  FROM (
    SELECT
      "t2"."account_id" AS "kw_entity",
      "t2"."kw_day",
      "t2"."kw_time",
      "t2"."kw_recorded",
      DATE_DIFF('DAY', "t2"."kw_day", MAKE_DATE(2024, 3, 5)) AS "kw_age",
      "t2"."id" AS "kw_key",
      "t2"."word",
      CASE
        WHEN DATE_DIFF('DAY', "t2"."kw_day", MAKE_DATE(2024, 3, 5)) < 29
        THEN 0
        ELSE CASE
          WHEN DATE_DIFF('DAY', "t2"."kw_day", MAKE_DATE(2024, 3, 5)) < 30
          THEN 1
          ELSE 2
        END
      END AS "kw_stretch",
      CASE
        WHEN "t2"."kw_recorded" <= MAKE_TIMESTAMP(2024, 2, 5, 22, 59, 59.999999)
        THEN 0
        ELSE 1
      END AS "kw_arrival"
    FROM (
      SELECT
        "t1"."account_id",
        "t1"."id",
        "t1"."word",
        CAST("t1"."at" AS DATE) AS "kw_day",
        TIMEZONE('UTC', TIMEZONE('Europe/Berlin', "t1"."at")) AS "kw_time",
        COALESCE(
          TIMEZONE('UTC', TIMEZONE('Europe/Berlin', "t1"."loaded")),
          TIMEZONE('UTC', TIMEZONE('Europe/Berlin', "t1"."at"))
        ) AS "kw_recorded"
      FROM (
        SELECT
          *
        FROM "snapshots.tickets" AS "t0"
        WHERE
          "t0"."at" < MAKE_TIMESTAMP(2024, 3, 6, 0, 0, 0.0)
          AND "t0"."at" >= MAKE_TIMESTAMP(2024, 1, 7, 0, 0, 0.0)
      ) AS "t1"
    ) AS "t2"
    WHERE
      "t2"."kw_recorded" <= MAKE_TIMESTAMP(2024, 3, 5, 22, 59, 59.999999)
      AND NOT "t2"."account_id" IS NULL
  ) AS "t3"
) AS "t4"
GROUP BY
  1,
  2,
  3
