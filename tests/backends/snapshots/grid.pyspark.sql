SELECT
  `t11`.`kw_entity`,
  `t11`.`kw_as_of`,
  MAX(
    IF((
      `t11`.`kw_age` < 30
    ) AND (
      `t11`.`rank:latest_word` = 0
    ), `t11`.`word`, NULL)
  ) AS `latest_word`,
  MAX(
    IF(
      (
        `t11`.`kw_age` < 30
      )
      AND (
        `t11`.`rank:latest_word` = 0
      )
      AND (
        NOT `t11`.`word` IS NULL
      ),
      `t11`.`kw_day`,
      NULL
    )
  ) AS `observed:latest_word`,
  MAX(IF((
    `t11`.`kw_age` < 30
  ) AND `t11`.`word` LIKE 'a%', `t11`.`word`, NULL)) AS `longest_word`,
  MAX(
    IF(
      (
        `t11`.`kw_age` < 30
      )
      AND `t11`.`word` LIKE 'a%'
      AND (
        NOT `t11`.`word` IS NULL
      ),
      `t11`.`kw_day`,
      NULL
    )
  ) AS `observed:longest_word`,
  SUM(CAST((
    `t11`.`kw_age` < 30
  ) AND (
    `t11`.`closed` IS NULL
  ) AS BIGINT)) AS `open_tickets`
FROM (
  SELECT
    `t10`.`kw_as_of`,
    `t10`.`kw_entity`,
    `t10`.`kw_day`,
    `t10`.`kw_time`,
    `t10`.`kw_recorded`,
    `t10`.`kw_age`,
    `t10`.`kw_key`,
    `t10`.`closed`,
    `t10`.`word`,
    ROW_NUMBER() OVER (
      PARTITION BY `t10`.`kw_entity`, `t10`.`kw_as_of`
      ORDER BY IF(COALESCE((
        `t10`.`kw_age` < 30
      ) AND (
        NOT `t10`.`word` IS NULL
      ), FALSE), 0, 1) ASC NULLS LAST, `t10`.`kw_time` DESC, `t10`.`kw_recorded` DESC, `t10`.`kw_key` DESC, `t10`.`word` DESC
    ) - 1 AS `rank:latest_word`
  FROM (
    SELECT
      `t9`.`kw_as_of`,
      `t9`.`account_id` AS `kw_entity`,
      `t9`.`kw_day`,
      `t9`.`kw_time`,
      `t9`.`kw_recorded`,
      DATEDIFF(`t9`.`kw_as_of`, `t9`.`kw_day`) AS `kw_age`,
      `t9`.`id` AS `kw_key`,
      IF(`t9`.`closed` <= `t9`.`kw_as_of`, `t9`.`closed`, CAST(NULL AS DATE)) AS `closed`,
      `t9`.`word`
    FROM (
      SELECT
        *
      FROM (
        SELECT
          `t7`.`account_id`,
          `t7`.`closed`,
          `t7`.`id`,
          `t7`.`word`,
          `t7`.`kw_day`,
          `t7`.`kw_time`,
          `t7`.`kw_recorded`,
          `t5`.`kw_as_of`,
          `t5`.`kw_known_at`
        FROM (
          SELECT
            `t3`.`account_id`,
            `t3`.`closed`,
            `t3`.`id`,
            `t3`.`word`,
            CAST(`t3`.`at` AS DATE) AS `kw_day`,
            IF(
              FROM_UTC_TIMESTAMP(
                CAST(TO_UTC_TIMESTAMP(CAST(`t3`.`at` + INTERVAL '3' HOUR AS TIMESTAMP), 'Europe/Berlin') - INTERVAL '3' HOUR AS TIMESTAMP),
                'Europe/Berlin'
              ) = `t3`.`at`,
              TO_UTC_TIMESTAMP(CAST(`t3`.`at` + INTERVAL '3' HOUR AS TIMESTAMP), 'Europe/Berlin') - INTERVAL '3' HOUR,
              TO_UTC_TIMESTAMP(CAST(`t3`.`at` AS TIMESTAMP), 'Europe/Berlin')
            ) AS `kw_time`,
            COALESCE(
              IF(
                FROM_UTC_TIMESTAMP(
                  CAST(TO_UTC_TIMESTAMP(CAST(`t3`.`loaded` + INTERVAL '3' HOUR AS TIMESTAMP), 'Europe/Berlin') - INTERVAL '3' HOUR AS TIMESTAMP),
                  'Europe/Berlin'
                ) = `t3`.`loaded`,
                TO_UTC_TIMESTAMP(CAST(`t3`.`loaded` + INTERVAL '3' HOUR AS TIMESTAMP), 'Europe/Berlin') - INTERVAL '3' HOUR,
                TO_UTC_TIMESTAMP(CAST(`t3`.`loaded` AS TIMESTAMP), 'Europe/Berlin')
              ),
              IF(
                FROM_UTC_TIMESTAMP(
                  CAST(TO_UTC_TIMESTAMP(CAST(`t3`.`at` + INTERVAL '3' HOUR AS TIMESTAMP), 'Europe/Berlin') - INTERVAL '3' HOUR AS TIMESTAMP),
                  'Europe/Berlin'
                ) = `t3`.`at`,
                TO_UTC_TIMESTAMP(CAST(`t3`.`at` + INTERVAL '3' HOUR AS TIMESTAMP), 'Europe/Berlin') - INTERVAL '3' HOUR,
                TO_UTC_TIMESTAMP(CAST(`t3`.`at` AS TIMESTAMP), 'Europe/Berlin')
              )
            ) AS `kw_recorded`
          FROM (
            SELECT
              *
            FROM `snapshots`.`tickets` AS `t0`
            WHERE
              `t0`.`at` < CAST('2024-03-06T00:00:00' AS TIMESTAMP)
              AND `t0`.`at` >= CAST('2024-01-07T00:00:00' AS TIMESTAMP)
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
        `t8`.`kw_recorded` <= `t8`.`kw_known_at`
        AND `t8`.`kw_day` <= `t8`.`kw_as_of`
        AND `t8`.`kw_day` > (
          `t8`.`kw_as_of` - INTERVAL '30' DAY
        )
        AND NOT `t8`.`account_id` IS NULL
    ) AS `t9`
  ) AS `t10`
) AS `t11`
GROUP BY
  1,
  2
