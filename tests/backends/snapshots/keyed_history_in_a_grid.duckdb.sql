SELECT
  "t12"."kw_as_of",
  "t12"."account_id" AS "kw_id",
  CAST(TIMEZONE('Europe/Berlin', TIMEZONE('UTC', "t12"."kw_changed")) AS DATE) AS "kw_changed_on",
  "t12"."seats"
FROM (
  SELECT
    *
  FROM (
    SELECT
      "t10".*
      EXCLUDE ("kw_rank")
    FROM (
      SELECT
        *
      FROM (
        SELECT
          "t8"."account_id",
          "t8"."ended",
          "t8"."seats",
          "t8"."kw_day",
          "t8"."kw_time",
          "t8"."kw_recorded",
          "t8"."kw_changed",
          "t8"."kw_as_of",
          "t8"."kw_known_at",
          ROW_NUMBER() OVER (
            PARTITION BY "t8"."account_id", "t8"."kw_as_of"
            ORDER BY "t8"."kw_changed" DESC, "t8"."kw_recorded" DESC, "t8"."ended" DESC, "t8"."seats" DESC, "t8"."kw_day" DESC, "t8"."kw_time" DESC
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
          ) - 1 AS "kw_rank"
        FROM (
          SELECT
            *
          FROM (
            SELECT
              "t6"."account_id",
              "t6"."ended",
              "t6"."seats",
              "t6"."kw_day",
              "t6"."kw_time",
              "t6"."kw_recorded",
              "t6"."kw_changed",
              "t4"."kw_as_of",
              "t4"."kw_known_at"
            FROM (
              SELECT
                "t3"."account_id",
                "t3"."ended",
                "t3"."seats",
                "t3"."changed" AS "kw_day",
                TIMEZONE('UTC', TIMEZONE('Europe/Berlin', CAST("t3"."changed" AS TIMESTAMP))) AS "kw_time",
                TIMEZONE('UTC', TIMEZONE('Europe/Berlin', CAST("t3"."changed" AS TIMESTAMP))) AS "kw_recorded",
                TIMEZONE('UTC', TIMEZONE('Europe/Berlin', CAST("t3"."changed" AS TIMESTAMP))) AS "kw_changed"
              FROM (
                SELECT
                  *
                FROM "snapshots.accounts" AS "t0"
                WHERE
                  "t0"."changed" < MAKE_DATE(2024, 3, 6)
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
            CAST(TIMEZONE('Europe/Berlin', TIMEZONE('UTC', "t7"."kw_changed")) AS DATE) <= "t7"."kw_as_of"
        ) AS "t8"
      ) AS "t9"
      WHERE
        "t9"."kw_rank" = 0
    ) AS "t10"
  ) AS "t11"
  WHERE
    "t11"."kw_day" <= "t11"."kw_as_of"
    AND NOT "t11"."account_id" IS NULL
    AND (
      (
        "t11"."ended" IS NULL
      )
      OR (
        CAST("t11"."ended" AS DATE) > "t11"."kw_as_of"
      )
    )
) AS "t12"
