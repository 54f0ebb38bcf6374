SELECT
  "t9"."kw_entity",
  "t9"."kw_as_of",
  MAX("t9"."word") FILTER(WHERE
    (
      "t9"."kw_age" < 30
    ) AND (
      "t9"."rank:latest_word" = 0
    )) AS "latest_word",
  MAX("t9"."kw_day") FILTER(WHERE
    (
      "t9"."kw_age" < 30
    )
    AND (
      "t9"."rank:latest_word" = 0
    )
    AND (
      NOT "t9"."word" IS NULL
    )) AS "observed:latest_word",
  MAX("t9"."word") FILTER(WHERE
    (
      "t9"."kw_age" < 30
    ) AND "t9"."word" LIKE 'a%') AS "longest_word",
  MAX("t9"."kw_day") FILTER(WHERE
    (
      "t9"."kw_age" < 30
    )
    AND "t9"."word" LIKE 'a%'
    AND (
      NOT "t9"."word" IS NULL
    )) AS "observed:longest_word",
  COUNT(*) FILTER(WHERE
    (
      "t9"."kw_age" < 30
    ) AND (
      "t9"."closed" IS NULL
    )) AS "open_tickets"
FROM (
  SELECT
    "t8"."kw_as_of",
    "t8"."kw_entity",
    "t8"."kw_day",
    "t8"."kw_time",
    "t8"."kw_recorded",
    "t8"."kw_age",
    "t8"."kw_key",
    "t8"."closed",
    "t8"."word",
    ROW_NUMBER() OVER (
      PARTITION BY "t8"."kw_entity", "t8"."kw_as_of"
      ORDER BY CASE
        WHEN COALESCE((
          "t8"."kw_age" < 30
        ) AND (
          NOT "t8"."word" IS NULL
        ), FALSE)
        THEN 0
        ELSE 1
      END ASC, "t8"."kw_time" DESC, "t8"."kw_recorded" DESC, "t8"."kw_key" DESC, "t8"."word" DESC
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) - 1 AS "rank:latest_word"
  FROM (
    SELECT
      "t7"."kw_as_of",
      "t7"."account_id" AS "kw_entity",
      "t7"."kw_day",
      "t7"."kw_time",
      "t7"."kw_recorded",
      DATE_DIFF('DAY', "t7"."kw_day", "t7"."kw_as_of") AS "kw_age",
      "t7"."id" AS "kw_key",
      CASE
        WHEN "t7"."closed" <= "t7"."kw_as_of"
        THEN "t7"."closed"
        ELSE CAST(NULL AS DATE)
      END AS "closed",
      "t7"."word"
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
          FROM "snapshots.tickets" AS "t0"
          WHERE
            "t0"."at" < MAKE_TIMESTAMP(2024, 3, 6, 0, 0, 0.0)
            AND "t0"."at" >= MAKE_TIMESTAMP(2024, 1, 7, 0, 0, 0.0)
        ) AS "t3"
      ) AS "t6"
      CROSS JOIN (
        SELECT
          UNNEST([MAKE_DATE(2024, 2, 5), MAKE_DATE(2024, 3, 5)]) AS "kw_as_of",
          UNNEST(
            [
              MAKE_TIMESTAMP(2024, 2, 5, 22, 59, 59.999999),
              MAKE_TIMESTAMP(2024, 3, 5, 22, 59, 59.999999)
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
        "t7"."kw_as_of" - INTERVAL '30' DAY
      )
      AND NOT "t7"."account_id" IS NULL
  ) AS "t8"
) AS "t9"
GROUP BY
  1,
  2
