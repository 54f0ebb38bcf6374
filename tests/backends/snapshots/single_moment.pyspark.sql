SELECT
  `t5`.`kw_entity`,
  MAX(
    IF((
      `t5`.`kw_age` < 30
    ) AND (
      `t5`.`rank:latest_word` = 0
    ), `t5`.`word`, NULL)
  ) AS `latest_word`,
  MAX(
    IF(
      (
        `t5`.`kw_age` < 30
      )
      AND (
        `t5`.`rank:latest_word` = 0
      )
      AND (
        NOT `t5`.`word` IS NULL
      ),
      `t5`.`kw_day`,
      NULL
    )
  ) AS `observed:latest_word`,
  MAX(IF((
    `t5`.`kw_age` < 30
  ) AND `t5`.`word` LIKE 'a%', `t5`.`word`, NULL)) AS `longest_word`,
  MAX(
    IF(
      (
        `t5`.`kw_age` < 30
      )
      AND `t5`.`word` LIKE 'a%'
      AND (
        NOT `t5`.`word` IS NULL
      ),
      `t5`.`kw_day`,
      NULL
    )
  ) AS `observed:longest_word`,
  SUM(CAST((
    `t5`.`kw_age` < 30
  ) AND (
    `t5`.`closed` IS NULL
  ) AS BIGINT)) AS `open_tickets`
FROM (
  SELECT
    `t4`.`kw_entity`,
    `t4`.`kw_day`,
    `t4`.`kw_time`,
    `t4`.`kw_recorded`,
    `t4`.`kw_age`,
    `t4`.`kw_key`,
    `t4`.`closed`,
    `t4`.`word`,
    ROW_NUMBER() OVER (
      PARTITION BY `t4`.`kw_entity`
      ORDER BY IF(COALESCE((
        `t4`.`kw_age` < 30
      ) AND (
        NOT `t4`.`word` IS NULL
      ), FALSE), 0, 1) ASC NULLS LAST, `t4`.`kw_time` DESC, `t4`.`kw_recorded` DESC, `t4`.`kw_key` DESC, `t4`.`word` DESC
    ) - 1 AS `rank:latest_word`
  FROM (
    SELECT
      `t3`.`account_id` AS `kw_entity`,
      `t3`.`kw_day`,
      `t3`.`kw_time`,
      `t3`.`kw_recorded`,
      DATEDIFF(MAKE_DATE(2024, 3, 5), `t3`.`kw_day`) AS `kw_age`,
      `t3`.`id` AS `kw_key`,
      IF(`t3`.`closed` <= MAKE_DATE(2024, 3, 5), `t3`.`closed`, CAST(NULL AS DATE)) AS `closed`,
      `t3`.`word`
    FROM (
      SELECT
        *
      FROM (
        SELECT
          `t1`.`account_id`,
          `t1`.`closed`,
          `t1`.`id`,
          `t1`.`word`,
          CAST(`t1`.`at` AS DATE) AS `kw_day`,
          IF(
            FROM_UTC_TIMESTAMP(
              CAST(TO_UTC_TIMESTAMP(CAST(`t1`.`at` + INTERVAL '3' HOUR AS TIMESTAMP), 'Europe/Berlin') - INTERVAL '3' HOUR AS TIMESTAMP),
              'Europe/Berlin'
            ) = `t1`.`at`,
            TO_UTC_TIMESTAMP(CAST(`t1`.`at` + INTERVAL '3' HOUR AS TIMESTAMP), 'Europe/Berlin') - INTERVAL '3' HOUR,
            TO_UTC_TIMESTAMP(CAST(`t1`.`at` AS TIMESTAMP), 'Europe/Berlin')
          ) AS `kw_time`,
          COALESCE(
            IF(
              FROM_UTC_TIMESTAMP(
                CAST(TO_UTC_TIMESTAMP(CAST(`t1`.`loaded` + INTERVAL '3' HOUR AS TIMESTAMP), 'Europe/Berlin') - INTERVAL '3' HOUR AS TIMESTAMP),
                'Europe/Berlin'
              ) = `t1`.`loaded`,
              TO_UTC_TIMESTAMP(CAST(`t1`.`loaded` + INTERVAL '3' HOUR AS TIMESTAMP), 'Europe/Berlin') - INTERVAL '3' HOUR,
              TO_UTC_TIMESTAMP(CAST(`t1`.`loaded` AS TIMESTAMP), 'Europe/Berlin')
            ),
            IF(
              FROM_UTC_TIMESTAMP(
                CAST(TO_UTC_TIMESTAMP(CAST(`t1`.`at` + INTERVAL '3' HOUR AS TIMESTAMP), 'Europe/Berlin') - INTERVAL '3' HOUR AS TIMESTAMP),
                'Europe/Berlin'
              ) = `t1`.`at`,
              TO_UTC_TIMESTAMP(CAST(`t1`.`at` + INTERVAL '3' HOUR AS TIMESTAMP), 'Europe/Berlin') - INTERVAL '3' HOUR,
              TO_UTC_TIMESTAMP(CAST(`t1`.`at` AS TIMESTAMP), 'Europe/Berlin')
            )
          ) AS `kw_recorded`
        FROM (
          SELECT
            *
          FROM `snapshots`.`tickets` AS `t0`
          WHERE
            `t0`.`at` < CAST('2024-03-06T00:00:00' AS TIMESTAMP)
            AND `t0`.`at` >= CAST('2024-02-05T00:00:00' AS TIMESTAMP)
        ) AS `t1`
      ) AS `t2`
      WHERE
        `t2`.`kw_recorded` <= CAST('2024-03-05T22:59:59.999999' AS TIMESTAMP)
        AND NOT `t2`.`account_id` IS NULL
    ) AS `t3`
  ) AS `t4`
) AS `t5`
GROUP BY
  1
