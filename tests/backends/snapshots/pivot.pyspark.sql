SELECT
  `t5`.`kw_entity`,
  MAX(IF(`t5`.`feature` = 'a', `t5`.`p0`, CAST(NULL AS BIGINT))) AS `a_uses`,
  MAX(IF(`t5`.`feature` = 'b', `t5`.`p0`, CAST(NULL AS BIGINT))) AS `b_uses`,
  MAX(IF(`t5`.`feature` = 'c', `t5`.`p1`, CAST(NULL AS BIGINT))) AS `c_days`,
  SUM(CAST((
    `t5`.`p2` < 28
  ) AND (
    NOT `t5`.`feature` IS NULL
  ) AS INT)) AS `breadth`
FROM (
  SELECT
    `t4`.`kw_entity`,
    `t4`.`feature`,
    SUM(IF(`t4`.`kw_age` < 7, `t4`.`uses`, NULL)) AS `p0`,
    COUNT(DISTINCT `t4`.`kw_day`) AS `p1`,
    CAST(MIN(`t4`.`kw_age`) AS DOUBLE) AS `p2`
  FROM (
    SELECT
      `t3`.`account_id` AS `kw_entity`,
      `t3`.`kw_day`,
      `t3`.`kw_time`,
      `t3`.`kw_recorded`,
      DATEDIFF(MAKE_DATE(2024, 3, 5), `t3`.`kw_day`) AS `kw_age`,
      `t3`.`feature`,
      `t3`.`uses`
    FROM (
      SELECT
        *
      FROM (
        SELECT
          `t1`.`account_id`,
          `t1`.`feature`,
          `t1`.`uses`,
          `t1`.`day` AS `kw_day`,
          IF(
            FROM_UTC_TIMESTAMP(
              CAST(TO_UTC_TIMESTAMP(
                CAST(CAST(`t1`.`day` AS TIMESTAMP) + INTERVAL '3' HOUR AS TIMESTAMP),
                'Europe/Berlin'
              ) - INTERVAL '3' HOUR AS TIMESTAMP),
              'Europe/Berlin'
            ) = CAST(`t1`.`day` AS TIMESTAMP),
            TO_UTC_TIMESTAMP(
              CAST(CAST(`t1`.`day` AS TIMESTAMP) + INTERVAL '3' HOUR AS TIMESTAMP),
              'Europe/Berlin'
            ) - INTERVAL '3' HOUR,
            TO_UTC_TIMESTAMP(CAST(`t1`.`day` AS TIMESTAMP), 'Europe/Berlin')
          ) AS `kw_time`,
          IF(
            FROM_UTC_TIMESTAMP(
              CAST(TO_UTC_TIMESTAMP(
                CAST(CAST(`t1`.`day` AS TIMESTAMP) + INTERVAL '3' HOUR AS TIMESTAMP),
                'Europe/Berlin'
              ) - INTERVAL '3' HOUR AS TIMESTAMP),
              'Europe/Berlin'
            ) = CAST(`t1`.`day` AS TIMESTAMP),
            TO_UTC_TIMESTAMP(
              CAST(CAST(`t1`.`day` AS TIMESTAMP) + INTERVAL '3' HOUR AS TIMESTAMP),
              'Europe/Berlin'
            ) - INTERVAL '3' HOUR,
            TO_UTC_TIMESTAMP(CAST(`t1`.`day` AS TIMESTAMP), 'Europe/Berlin')
          ) AS `kw_recorded`
        FROM (
          SELECT
            *
          FROM `snapshots`.`usage` AS `t0`
          WHERE
            `t0`.`day` < MAKE_DATE(2024, 3, 6) AND `t0`.`day` >= MAKE_DATE(2024, 2, 7)
        ) AS `t1`
      ) AS `t2`
      WHERE
        NOT `t2`.`account_id` IS NULL
    ) AS `t3`
  ) AS `t4`
  GROUP BY
    1,
    2
) AS `t5`
GROUP BY
  1
