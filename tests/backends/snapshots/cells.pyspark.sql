SELECT
  `t6`.`kw_entity`,
  `t6`.`kw_stretch`,
  `t6`.`kw_arrival`,
  MIN(IF(NOT `t6`.`word` IS NULL, `t6`.`rank:00ccff4611b6a59a`, NULL)) AS `p0`,
  MIN_BY(
    IF(NOT `t6`.`word` IS NULL, `t6`.`word`, NULL),
    IF(NOT `t6`.`word` IS NULL, `t6`.`rank:00ccff4611b6a59a`, NULL)
  ) AS `v0`,
  MIN_BY(
    IF(NOT `t6`.`word` IS NULL, `t6`.`kw_age`, NULL),
    IF(NOT `t6`.`word` IS NULL, `t6`.`rank:00ccff4611b6a59a`, NULL)
  ) AS `a0`,
  MAX(IF(`t6`.`word` LIKE 'a%', `t6`.`word`, NULL)) AS `p1`,
  MIN(IF(`t6`.`word` LIKE 'a%' AND (
    NOT `t6`.`word` IS NULL
  ), `t6`.`kw_age`, NULL)) AS `p2`
FROM (
  SELECT
    `t5`.`kw_entity`,
    `t5`.`kw_day`,
    `t5`.`kw_time`,
    `t5`.`kw_recorded`,
    `t5`.`kw_age`,
    `t5`.`kw_key`,
    `t5`.`word`,
    `t5`.`kw_stretch`,
    `t5`.`kw_arrival`,
    ROW_NUMBER() OVER (
      PARTITION BY `t5`.`kw_entity`
      ORDER BY IF(COALESCE(NOT `t5`.`word` IS NULL, FALSE), 0, 1) ASC NULLS LAST, `t5`.`kw_time` DESC, `t5`.`kw_recorded` DESC, `t5`.`kw_key` DESC, `t5`.`word` DESC
    ) - 1 AS `rank:00ccff4611b6a59a`
  FROM (
    SELECT
      `t4`.`kw_entity`,
      `t4`.`kw_day`,
      `t4`.`kw_time`,
      `t4`.`kw_recorded`,
      `t4`.`kw_age`,
      `t4`.`kw_key`,
      `t4`.`word`,
      IF(`t4`.`kw_age` < 29, 0, IF(`t4`.`kw_age` < 30, 1, 2)) AS `kw_stretch`,
      IF(`t4`.`kw_recorded` <= CAST('2024-02-05T22:59:59.999999' AS TIMESTAMP), 0, 1) AS `kw_arrival`
    FROM (
      SELECT
        `t3`.`account_id` AS `kw_entity`,
        `t3`.`kw_day`,
        `t3`.`kw_time`,
        `t3`.`kw_recorded`,
        DATEDIFF(MAKE_DATE(2024, 3, 5), `t3`.`kw_day`) AS `kw_age`,
        `t3`.`id` AS `kw_key`,
        `t3`.`word`
      FROM (
        SELECT
          *
        FROM (
          SELECT
            `t1`.`account_id`,
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
              AND `t0`.`at` >= CAST('2024-01-07T00:00:00' AS TIMESTAMP)
          ) AS `t1`
        ) AS `t2`
        WHERE
          `t2`.`kw_recorded` <= CAST('2024-03-05T22:59:59.999999' AS TIMESTAMP)
          AND NOT `t2`.`account_id` IS NULL
      ) AS `t3`
    ) AS `t4`
  ) AS `t5`
) AS `t6`
GROUP BY
  1,
  2,
  3
