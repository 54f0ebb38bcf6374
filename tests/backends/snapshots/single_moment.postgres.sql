SELECT
  "t5"."kw_entity",
  MAX("t5"."word") FILTER(WHERE
    (
      "t5"."kw_age" < 30
    ) AND (
      "t5"."rank:latest_word" = 0
    )) AS "latest_word",
  MAX("t5"."kw_day") FILTER(WHERE
    (
      "t5"."kw_age" < 30
    )
    AND (
      "t5"."rank:latest_word" = 0
    )
    AND (
      NOT "t5"."word" IS NULL
    )) AS "observed:latest_word",
  (
    ARRAY_AGG("t5"."word" ORDER BY CONVERT_TO("t5"."word", 'UTF8') DESC NULLS LAST) FILTER(WHERE
      NOT CONVERT_TO("t5"."word", 'UTF8') IS NULL
      AND (
        "t5"."kw_age" < 30
      )
      AND "t5"."word" LIKE 'a%')
  )[1] AS "longest_word",
  MAX("t5"."kw_day") FILTER(WHERE
    (
      "t5"."kw_age" < 30
    )
    AND "t5"."word" LIKE 'a%'
    AND (
      NOT "t5"."word" IS NULL
    )) AS "observed:longest_word",
  COUNT(*) FILTER(WHERE
    (
      "t5"."kw_age" < 30
    ) AND (
      "t5"."closed" IS NULL
    )) AS "open_tickets"
FROM (
  SELECT
    "t4"."kw_entity",
    "t4"."kw_day",
    "t4"."kw_time",
    "t4"."kw_recorded",
    "t4"."kw_age",
    "t4"."kw_key",
    "t4"."closed",
    "t4"."word",
    ROW_NUMBER() OVER (
      PARTITION BY "t4"."kw_entity"
      ORDER BY CASE
        WHEN COALESCE((
          "t4"."kw_age" < 30
        ) AND (
          NOT "t4"."word" IS NULL
        ), FALSE)
        THEN 0
        ELSE 1
      END ASC, "t4"."kw_time" DESC NULLS LAST, "t4"."kw_recorded" DESC NULLS LAST, CONVERT_TO("t4"."kw_key", 'UTF8') DESC NULLS LAST, CONVERT_TO("t4"."word", 'UTF8') DESC NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) - 1 AS "rank:latest_word"
  FROM (
    SELECT
      "t3"."account_id" AS "kw_entity",
      "t3"."kw_day",
      "t3"."kw_time",
      "t3"."kw_recorded",
      DATE_MI(MAKE_DATE(2024, 3, 5), "t3"."kw_day") AS "kw_age",
      "t3"."id" AS "kw_key",
      CASE
        WHEN "t3"."closed" <= MAKE_DATE(2024, 3, 5)
        THEN "t3"."closed"
        ELSE CAST(NULL AS DATE)
      END AS "closed",
      "t3"."word"
    FROM (
      SELECT
        *
      FROM (
        SELECT
          "t1"."account_id",
          "t1"."closed",
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
            AND "t0"."at" >= CAST('2024-02-05T00:00:00' AS TIMESTAMP)
        ) AS "t1"
      ) AS "t2"
      WHERE
        "t2"."kw_recorded" <= CAST('2024-03-05T22:59:59.999999' AS TIMESTAMP)
        AND NOT "t2"."account_id" IS NULL
    ) AS "t3"
  ) AS "t4"
) AS "t5"
GROUP BY
  1
