SELECT
  `t13`.`kw_as_of`,
  `t13`.`account_id` AS `kw_id`,
  CAST(FROM_UTC_TIMESTAMP(CAST(`t13`.`kw_changed` AS TIMESTAMP), 'Europe/Berlin') AS DATE) AS `kw_changed_on`,
  `t13`.`seats`
FROM (
  SELECT
    *
  FROM (
    SELECT
      `t11`.`account_id`,
      `t11`.`ended`,
      `t11`.`seats`,
      `t11`.`kw_day`,
      `t11`.`kw_time`,
      `t11`.`kw_recorded`,
      `t11`.`kw_changed`,
      `t11`.`kw_as_of`,
      `t11`.`kw_known_at`
    FROM (
      SELECT
        *
      FROM (
        SELECT
          `t9`.`account_id`,
          `t9`.`ended`,
          `t9`.`seats`,
          `t9`.`kw_day`,
          `t9`.`kw_time`,
          `t9`.`kw_recorded`,
          `t9`.`kw_changed`,
          `t9`.`kw_as_of`,
          `t9`.`kw_known_at`,
          ROW_NUMBER() OVER (
            PARTITION BY `t9`.`account_id`, `t9`.`kw_as_of`
            ORDER BY `t9`.`kw_changed` DESC, `t9`.`kw_recorded` DESC, `t9`.`ended` DESC, `t9`.`seats` DESC, `t9`.`kw_day` DESC, `t9`.`kw_time` DESC
          ) - 1 AS `kw_rank`
        FROM (
          SELECT
            *
          FROM (
            SELECT
              `t7`.`account_id`,
              `t7`.`ended`,
              `t7`.`seats`,
              `t7`.`kw_day`,
              `t7`.`kw_time`,
              `t7`.`kw_recorded`,
              `t7`.`kw_changed`,
              `t5`.`kw_as_of`,
              `t5`.`kw_known_at`
            FROM (
              SELECT
                `t3`.`account_id`,
                `t3`.`ended`,
                `t3`.`seats`,
                `t3`.`changed` AS `kw_day`,
                IF(
                  FROM_UTC_TIMESTAMP(
                    CAST(TO_UTC_TIMESTAMP(
                      CAST(CAST(`t3`.`changed` AS TIMESTAMP) + INTERVAL '3' HOUR AS TIMESTAMP),
                      'Europe/Berlin'
                    ) - INTERVAL '3' HOUR AS TIMESTAMP),
                    'Europe/Berlin'
                  ) = CAST(`t3`.`changed` AS TIMESTAMP),
                  TO_UTC_TIMESTAMP(
                    CAST(CAST(`t3`.`changed` AS TIMESTAMP) + INTERVAL '3' HOUR AS TIMESTAMP),
                    'Europe/Berlin'
                  ) - INTERVAL '3' HOUR,
                  TO_UTC_TIMESTAMP(CAST(`t3`.`changed` AS TIMESTAMP), 'Europe/Berlin')
                ) AS `kw_time`,
                IF(
                  FROM_UTC_TIMESTAMP(
                    CAST(TO_UTC_TIMESTAMP(
                      CAST(CAST(`t3`.`changed` AS TIMESTAMP) + INTERVAL '3' HOUR AS TIMESTAMP),
                      'Europe/Berlin'
                    ) - INTERVAL '3' HOUR AS TIMESTAMP),
                    'Europe/Berlin'
                  ) = CAST(`t3`.`changed` AS TIMESTAMP),
                  TO_UTC_TIMESTAMP(
                    CAST(CAST(`t3`.`changed` AS TIMESTAMP) + INTERVAL '3' HOUR AS TIMESTAMP),
                    'Europe/Berlin'
                  ) - INTERVAL '3' HOUR,
                  TO_UTC_TIMESTAMP(CAST(`t3`.`changed` AS TIMESTAMP), 'Europe/Berlin')
                ) AS `kw_recorded`,
                IF(
                  FROM_UTC_TIMESTAMP(
                    CAST(TO_UTC_TIMESTAMP(
                      CAST(CAST(`t3`.`changed` AS TIMESTAMP) + INTERVAL '3' HOUR AS TIMESTAMP),
                      'Europe/Berlin'
                    ) - INTERVAL '3' HOUR AS TIMESTAMP),
                    'Europe/Berlin'
                  ) = CAST(`t3`.`changed` AS TIMESTAMP),
                  TO_UTC_TIMESTAMP(
                    CAST(CAST(`t3`.`changed` AS TIMESTAMP) + INTERVAL '3' HOUR AS TIMESTAMP),
                    'Europe/Berlin'
                  ) - INTERVAL '3' HOUR,
                  TO_UTC_TIMESTAMP(CAST(`t3`.`changed` AS TIMESTAMP), 'Europe/Berlin')
                ) AS `kw_changed`
              FROM (
                SELECT
                  *
                FROM `snapshots`.`accounts` AS `t0`
                WHERE
                  `t0`.`changed` < MAKE_DATE(2024, 3, 6)
              ) AS `t3`
            ) AS `t7`
            CROSS JOIN (
              SELECT
                `t2`.`moment`.`kw_as_of` AS `kw_as_of`,
                `t2`.`moment`.`kw_known_at` AS `kw_known_at`
              FROM (
                SELECT
                  EXPLODE(
                    ARRAY(
                      STRUCT(
                        MAKE_DATE(2024, 2, 5) AS `kw_as_of`,
                        CAST('2024-02-05T22:59:59.999999' AS TIMESTAMP) AS `kw_known_at`
                      ),
                      STRUCT(
                        MAKE_DATE(2024, 3, 5) AS `kw_as_of`,
                        CAST('2024-03-05T22:59:59.999999' AS TIMESTAMP) AS `kw_known_at`
                      )
                    )
                  ) AS `moment`
                FROM (
                  SELECT
                    1 AS `one`
                ) AS `t1`
              ) AS `t2`
            ) AS `t5`
          ) AS `t8`
          WHERE
            CAST(FROM_UTC_TIMESTAMP(CAST(`t8`.`kw_changed` AS TIMESTAMP), 'Europe/Berlin') AS DATE) <= `t8`.`kw_as_of`
        ) AS `t9`
      ) AS `t10`
      WHERE
        `t10`.`kw_rank` = 0
    ) AS `t11`
  ) AS `t12`
  WHERE
    `t12`.`kw_day` <= `t12`.`kw_as_of`
    AND NOT `t12`.`account_id` IS NULL
    AND (
      (
        `t12`.`ended` IS NULL
      )
      OR (
        CAST(`t12`.`ended` AS DATE) > `t12`.`kw_as_of`
      )
    )
) AS `t13`
