SELECT
  `t7`.`account_id` AS `kw_id`,
  CAST(FROM_UTC_TIMESTAMP(CAST(`t7`.`kw_changed` AS TIMESTAMP), 'Europe/Berlin') AS DATE) AS `kw_changed_on`,
  `t7`.`seats`
FROM (
  SELECT
    *
  FROM (
    SELECT
      `t5`.`account_id`,
      `t5`.`ended`,
      `t5`.`seats`,
      `t5`.`kw_day`,
      `t5`.`kw_time`,
      `t5`.`kw_recorded`,
      `t5`.`kw_changed`
    FROM (
      SELECT
        *
      FROM (
        SELECT
          `t3`.`account_id`,
          `t3`.`ended`,
          `t3`.`seats`,
          `t3`.`kw_day`,
          `t3`.`kw_time`,
          `t3`.`kw_recorded`,
          `t3`.`kw_changed`,
          ROW_NUMBER() OVER (
            PARTITION BY `t3`.`account_id`
            ORDER BY `t3`.`kw_changed` DESC, `t3`.`kw_recorded` DESC, `t3`.`ended` DESC, `t3`.`seats` DESC, `t3`.`kw_day` DESC, `t3`.`kw_time` DESC
          ) - 1 AS `kw_rank`
        FROM (
          SELECT
            *
          FROM (
            SELECT
              `t1`.`account_id`,
              `t1`.`ended`,
              `t1`.`seats`,
              `t1`.`changed` AS `kw_day`,
              IF(
                FROM_UTC_TIMESTAMP(
                  CAST(TO_UTC_TIMESTAMP(
                    CAST(CAST(`t1`.`changed` AS TIMESTAMP) + INTERVAL '3' HOUR AS TIMESTAMP),
                    'Europe/Berlin'
                  ) - INTERVAL '3' HOUR AS TIMESTAMP),
                  'Europe/Berlin'
                ) = CAST(`t1`.`changed` AS TIMESTAMP),
                TO_UTC_TIMESTAMP(
                  CAST(CAST(`t1`.`changed` AS TIMESTAMP) + INTERVAL '3' HOUR AS TIMESTAMP),
                  'Europe/Berlin'
                ) - INTERVAL '3' HOUR,
                TO_UTC_TIMESTAMP(CAST(`t1`.`changed` AS TIMESTAMP), 'Europe/Berlin')
              ) AS `kw_time`,
              IF(
                FROM_UTC_TIMESTAMP(
                  CAST(TO_UTC_TIMESTAMP(
                    CAST(CAST(`t1`.`changed` AS TIMESTAMP) + INTERVAL '3' HOUR AS TIMESTAMP),
                    'Europe/Berlin'
                  ) - INTERVAL '3' HOUR AS TIMESTAMP),
                  'Europe/Berlin'
                ) = CAST(`t1`.`changed` AS TIMESTAMP),
                TO_UTC_TIMESTAMP(
                  CAST(CAST(`t1`.`changed` AS TIMESTAMP) + INTERVAL '3' HOUR AS TIMESTAMP),
                  'Europe/Berlin'
                ) - INTERVAL '3' HOUR,
                TO_UTC_TIMESTAMP(CAST(`t1`.`changed` AS TIMESTAMP), 'Europe/Berlin')
              ) AS `kw_recorded`,
              IF(
                FROM_UTC_TIMESTAMP(
                  CAST(TO_UTC_TIMESTAMP(
                    CAST(CAST(`t1`.`changed` AS TIMESTAMP) + INTERVAL '3' HOUR AS TIMESTAMP),
                    'Europe/Berlin'
                  ) - INTERVAL '3' HOUR AS TIMESTAMP),
                  'Europe/Berlin'
                ) = CAST(`t1`.`changed` AS TIMESTAMP),
                TO_UTC_TIMESTAMP(
                  CAST(CAST(`t1`.`changed` AS TIMESTAMP) + INTERVAL '3' HOUR AS TIMESTAMP),
                  'Europe/Berlin'
                ) - INTERVAL '3' HOUR,
                TO_UTC_TIMESTAMP(CAST(`t1`.`changed` AS TIMESTAMP), 'Europe/Berlin')
              ) AS `kw_changed`
            FROM (
              SELECT
                *
              FROM `snapshots`.`accounts` AS `t0`
              WHERE
                `t0`.`changed` < MAKE_DATE(2024, 3, 6)
            ) AS `t1`
          ) AS `t2`
          WHERE
            CAST(FROM_UTC_TIMESTAMP(CAST(`t2`.`kw_changed` AS TIMESTAMP), 'Europe/Berlin') AS DATE) <= MAKE_DATE(2024, 3, 5)
        ) AS `t3`
      ) AS `t4`
      WHERE
        `t4`.`kw_rank` = 0
    ) AS `t5`
  ) AS `t6`
  WHERE
    `t6`.`kw_day` <= MAKE_DATE(2024, 3, 5)
    AND NOT `t6`.`account_id` IS NULL
    AND (
      (
        `t6`.`ended` IS NULL
      )
      OR (
        CAST(`t6`.`ended` AS DATE) > MAKE_DATE(2024, 3, 5)
      )
    )
) AS `t7`
