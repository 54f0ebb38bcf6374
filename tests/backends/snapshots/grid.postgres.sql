SELECT
  "t10"."kw_entity",
  "t10"."kw_as_of",
  MAX("t10"."word") FILTER(WHERE
    (
      "t10"."kw_age" < 30
    ) AND (
      "t10"."rank:latest_word" = 0
    )) AS "latest_word",
  MAX("t10"."kw_day") FILTER(WHERE
    (
      "t10"."kw_age" < 30
    )
    AND (
      "t10"."rank:latest_word" = 0
    )
    AND (
      NOT "t10"."word" IS NULL
    )) AS "observed:latest_word",
  (
    ARRAY_AGG("t10"."word" ORDER BY CONVERT_TO("t10"."word", 'UTF8') DESC NULLS LAST) FILTER(WHERE
      NOT CONVERT_TO("t10"."word", 'UTF8') IS NULL
      AND (
        "t10"."kw_age" < 30
      )
      AND "t10"."word" LIKE 'a%')
  )[1] AS "longest_word",
  MAX("t10"."kw_day") FILTER(WHERE
    (
      "t10"."kw_age" < 30
    )
    AND "t10"."word" LIKE 'a%'
    AND (
      NOT "t10"."word" IS NULL
    )) AS "observed:longest_word",
  COUNT(*) FILTER(WHERE
    (
      "t10"."kw_age" < 30
    ) AND (
      "t10"."closed" IS NULL
    )) AS "open_tickets"
FROM (
  SELECT
    "t9"."kw_as_of",
    "t9"."kw_entity",
    "t9"."kw_day",
    "t9"."kw_time",
    "t9"."kw_recorded",
    "t9"."kw_age",
    "t9"."kw_key",
    "t9"."closed",
    "t9"."word",
    ROW_NUMBER() OVER (
      PARTITION BY "t9"."kw_entity", "t9"."kw_as_of"
      ORDER BY CASE
        WHEN COALESCE((
          "t9"."kw_age" < 30
        ) AND (
          NOT "t9"."word" IS NULL
        ), FALSE)
        THEN 0
        ELSE 1
      END ASC, "t9"."kw_time" DESC NULLS LAST, "t9"."kw_recorded" DESC NULLS LAST, CONVERT_TO("t9"."kw_key", 'UTF8') DESC NULLS LAST, CONVERT_TO("t9"."word", 'UTF8') DESC NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) - 1 AS "rank:latest_word"
  FROM (
    SELECT
      "t8"."kw_as_of",
      "t8"."account_id" AS "kw_entity",
      "t8"."kw_day",
      "t8"."kw_time",
      "t8"."kw_recorded",
      DATE_MI("t8"."kw_as_of", "t8"."kw_day") AS "kw_age",
      "t8"."id" AS "kw_key",
      CASE
        WHEN "t8"."closed" <= "t8"."kw_as_of"
        THEN "t8"."closed"
        ELSE CAST(NULL AS DATE)
      END AS "closed",
      "t8"."word"
    FROM (
      SELECT
        *
      FROM (
        SELECT
          "t6"."account_id",
          "t6"."closed",
          "t6"."id",
          "t6"."word",
          "t6"."kw_day",
          "t6"."kw_time",
          "t6"."kw_recorded",
          "t4"."kw_as_of",
          "t4"."kw_known_at"
        FROM (
          SELECT
            "t3"."account_id",
            "t3"."closed",
            "t3"."id",
            "t3"."word",
            CAST("t3"."at" AS DATE) AS "kw_day",
            TIMEZONE('UTC', TIMEZONE('Europe/Berlin', "t3"."at")) AS "kw_time",
            COALESCE(
              TIMEZONE('UTC', TIMEZONE('Europe/Berlin', "t3"."loaded")),
              TIMEZONE('UTC', TIMEZONE('Europe/Berlin', "t3"."at"))
            ) AS "kw_recorded"
          FROM (
            SELECT
              *
            FROM "snapshots"."tickets" AS "t0"
            WHERE
              "t0"."at" < CAST('2024-03-06T00:00:00' AS TIMESTAMP)
              AND "t0"."at" >= CAST('2024-01-07T00:00:00' AS TIMESTAMP)
          ) AS "t3"
        ) AS "t6"
        CROSS JOIN (
          SELECT
            UNNEST(ARRAY[MAKE_DATE(2024, 2, 5), MAKE_DATE(2024, 3, 5)]) AS "kw_as_of",
            UNNEST(
              ARRAY[
                CAST('2024-02-05T22:59:59.999999' AS TIMESTAMP),
                CAST('2024-03-05T22:59:59.999999' AS TIMESTAMP)
              ]
            ) AS "kw_known_at"
          FROM (
            SELECT
              1 AS "one"
          ) AS "t1"
        ) AS "t4"
      ) AS "t7"
      WHERE
        "t7"."kw_recorded" <= "t7"."kw_known_at"
        AND "t7"."kw_day" <= "t7"."kw_as_of"
        AND "t7"."kw_day" > (
          "t7"."kw_as_of" - INTERVAL '30 DAY'
        )
        AND NOT "t7"."account_id" IS NULL
    ) AS "t8"
  ) AS "t9"
) AS "t10"
GROUP BY
  1,
  2
