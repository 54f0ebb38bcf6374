SELECT
  "t6"."kw_entity",
  "t6"."kw_stretch",
  "t6"."kw_arrival",
  MIN("t6"."rank:00ccff4611b6a59a") FILTER(WHERE
    NOT "t6"."word" IS NULL) AS "p0",
  (
    ARRAY_AGG("t6"."word" ORDER BY "t6"."rank:00ccff4611b6a59a" ASC) FILTER(WHERE
      NOT "t6"."rank:00ccff4611b6a59a" IS NULL AND NOT "t6"."word" IS NULL)
  )[1] AS "v0",
  (
    ARRAY_AGG("t6"."kw_age" ORDER BY "t6"."rank:00ccff4611b6a59a" ASC) FILTER(WHERE
      NOT "t6"."rank:00ccff4611b6a59a" IS NULL AND NOT "t6"."word" IS NULL)
  )[1] AS "a0",
  (
    ARRAY_AGG("t6"."word" ORDER BY CONVERT_TO("t6"."word", 'UTF8') DESC NULLS LAST) FILTER(WHERE
      NOT CONVERT_TO("t6"."word", 'UTF8') IS NULL AND "t6"."word" LIKE 'a%')
  )[1] AS "p1",
  MIN("t6"."kw_age") FILTER(WHERE
    "t6"."word" LIKE 'a%' AND (
      NOT "t6"."word" IS NULL
    )) AS "p2"
FROM (
  SELECT
    "t5"."kw_entity",
    "t5"."kw_day",
    "t5"."kw_time",
    "t5"."kw_recorded",
    "t5"."kw_age",
    "t5"."kw_key",
    "t5"."word",
    "t5"."kw_stretch",
    "t5"."kw_arrival",
    ROW_NUMBER() OVER (
      PARTITION BY "t5"."kw_entity"
      ORDER BY CASE WHEN COALESCE(NOT "t5"."word" IS NULL, FALSE) THEN 0 ELSE 1 END ASC, "t5"."kw_time" DESC NULLS LAST, "t5"."kw_recorded" DESC NULLS LAST, CONVERT_TO("t5"."kw_key", 'UTF8') DESC NULLS LAST, CONVERT_TO("t5"."word", 'UTF8') DESC NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) - 1 AS "rank:00ccff4611b6a59a"
  FROM (
    SELECT
      "t4"."kw_entity",
      "t4"."kw_day",
      "t4"."kw_time",
      "t4"."kw_recorded",
      "t4"."kw_age",
      "t4"."kw_key",
      "t4"."word",
      CASE
        WHEN "t4"."kw_age" < 29
        THEN 0
        ELSE CASE WHEN "t4"."kw_age" < 30 THEN 1 ELSE 2 END
      END AS "kw_stretch",
      CASE
        WHEN "t4"."kw_recorded" <= CAST('2024-02-05T22:59:59.999999' AS TIMESTAMP)
        THEN 0
        ELSE 1
      END AS "kw_arrival"
    FROM (
      SELECT
        "t3"."account_id" AS "kw_entity",
        "t3"."kw_day",
        "t3"."kw_time",
        "t3"."kw_recorded",
        DATE_MI(MAKE_DATE(2024, 3, 5), "t3"."kw_day") AS "kw_age",
        "t3"."id" AS "kw_key",
        "t3"."word"
      FROM (
        SELECT
          *
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
            FROM "snapshots"."tickets" AS "t0"
            WHERE
              "t0"."at" < CAST('2024-03-06T00:00:00' AS TIMESTAMP)
              AND "t0"."at" >= CAST('2024-01-07T00:00:00' AS TIMESTAMP)
          ) AS "t1"
        ) AS "t2"
        WHERE
          "t2"."kw_recorded" <= CAST('2024-03-05T22:59:59.999999' AS TIMESTAMP)
          AND NOT "t2"."account_id" IS NULL
      ) AS "t3"
    ) AS "t4"
  ) AS "t5"
) AS "t6"
GROUP BY
  1,
  2,
  3
