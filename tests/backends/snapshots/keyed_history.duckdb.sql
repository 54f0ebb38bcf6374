SELECT
  "t7"."account_id" AS "kw_id",
  CAST(TIMEZONE('Europe/Berlin', TIMEZONE('UTC', "t7"."kw_changed")) AS DATE) AS "kw_changed_on",
  "t7"."seats"
FROM (
  SELECT
    *
  FROM (
    SELECT
      "t5".*
      EXCLUDE ("kw_rank")
    FROM (
      SELECT
        *
      FROM (
        SELECT
          "t3"."account_id",
          "t3"."ended",
          "t3"."seats",
          "t3"."kw_day",
          "t3"."kw_time",
          "t3"."kw_recorded",
          "t3"."kw_changed",
          ROW_NUMBER() OVER (
            PARTITION BY "t3"."account_id"
            ORDER BY "t3"."kw_changed" DESC, "t3"."kw_recorded" DESC, "t3"."ended" DESC, "t3"."seats" DESC, "t3"."kw_day" DESC, "t3"."kw_time" DESC
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
          ) - 1 AS "kw_rank"
        FROM (
          SELECT
            *
          FROM (
            SELECT
              "t1"."account_id",
              "t1"."ended",
              "t1"."seats",
              "t1"."changed" AS "kw_day",
              TIMEZONE('UTC', TIMEZONE('Europe/Berlin', CAST("t1"."changed" AS TIMESTAMP))) AS "kw_time",
              TIMEZONE('UTC', TIMEZONE('Europe/Berlin', CAST("t1"."changed" AS TIMESTAMP))) AS "kw_recorded",
              TIMEZONE('UTC', TIMEZONE('Europe/Berlin', CAST("t1"."changed" AS TIMESTAMP))) AS "kw_changed"
            FROM (
              SELECT
                *
              FROM "snapshots.accounts" AS "t0"
              WHERE
                "t0"."changed" < MAKE_DATE(2024, 3, 6)
            ) AS "t1"
          ) AS "t2"
          WHERE
            CAST(TIMEZONE('Europe/Berlin', TIMEZONE('UTC', "t2"."kw_changed")) AS DATE) <= MAKE_DATE(2024, 3, 5)
        ) AS "t3"
      ) AS "t4"
      WHERE
        "t4"."kw_rank" = 0
    ) AS "t5"
  ) AS "t6"
  WHERE
    "t6"."kw_day" <= MAKE_DATE(2024, 3, 5)
    AND NOT "t6"."account_id" IS NULL
    AND (
      (
        "t6"."ended" IS NULL
      )
      OR (
        CAST("t6"."ended" AS DATE) > MAKE_DATE(2024, 3, 5)
      )
    )
) AS "t7"
