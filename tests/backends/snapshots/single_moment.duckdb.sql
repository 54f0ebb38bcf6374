SELECT
  "t4"."kw_entity",
  MAX("t4"."word") FILTER(WHERE
    (
      "t4"."kw_age" < 30
    ) AND (
      "t4"."rank:latest_word" = 0
    )) AS "latest_word",
  MAX("t4"."kw_day") FILTER(WHERE
    (
      "t4"."kw_age" < 30
    )
    AND (
      "t4"."rank:latest_word" = 0
    )
    AND (
      NOT "t4"."word" IS NULL
    )) AS "observed:latest_word",
  MAX("t4"."word") FILTER(WHERE
    (
      "t4"."kw_age" < 30
    ) AND "t4"."word" LIKE 'a%') AS "longest_word",
  MAX("t4"."kw_day") FILTER(WHERE
    (
      "t4"."kw_age" < 30
    )
    AND "t4"."word" LIKE 'a%'
    AND (
      NOT "t4"."word" IS NULL
    )) AS "observed:longest_word",
  COUNT(*) FILTER(WHERE
    (
      "t4"."kw_age" < 30
    ) AND (
      "t4"."closed" IS NULL
    )) AS "open_tickets"
FROM (
  SELECT
    "t3"."kw_entity",
    "t3"."kw_day",
    "t3"."kw_time",
    "t3"."kw_recorded",
    "t3"."kw_age",
    "t3"."kw_key",
    "t3"."closed",
    "t3"."word",
    ROW_NUMBER() OVER (
      PARTITION BY "t3"."kw_entity"
      ORDER BY CASE
        WHEN COALESCE((
          "t3"."kw_age" < 30
        ) AND (
          NOT "t3"."word" IS NULL
        ), FALSE)
        THEN 0
        ELSE 1
      END ASC, "t3"."kw_time" DESC, "t3"."kw_recorded" DESC, "t3"."kw_key" DESC, "t3"."word" DESC
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) - 1 AS "rank:latest_word"
  FROM (
    SELECT
      "t2"."account_id" AS "kw_entity",
      "t2"."kw_day",
      "t2"."kw_time",
      "t2"."kw_recorded",
      DATE_DIFF('DAY', "t2"."kw_day", MAKE_DATE(2024, 3, 5)) AS "kw_age",
      "t2"."id" AS "kw_key",
      CASE
        WHEN "t2"."closed" <= MAKE_DATE(2024, 3, 5)
        THEN "t2"."closed"
        ELSE CAST(NULL AS DATE)
      END AS "closed",
      "t2"."word"
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
        FROM "snapshots.tickets" AS "t0"
        WHERE
          "t0"."at" < MAKE_TIMESTAMP(2024, 3, 6, 0, 0, 0.0)
          AND "t0"."at" >= MAKE_TIMESTAMP(2024, 2, 5, 0, 0, 0.0)
      ) AS "t1"
    ) AS "t2"
    WHERE
      "t2"."kw_recorded" <= MAKE_TIMESTAMP(2024, 3, 5, 22, 59, 59.999999)
      AND NOT "t2"."account_id" IS NULL
  ) AS "t3"
) AS "t4"
GROUP BY
  1
