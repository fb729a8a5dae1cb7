import type { ServerVersion } from '../servers/installed.ts'
import { startServer } from '../servers/server.ts'

/**
 * How many bytes of a table PostgreSQL works through in a second, for each kind of work: `npx tsx test/postgres/measure/rates.ts [version…]`.
 * `src/lint/sizes/rates.ts` has the range of what it prints. Settings are PostgreSQL's own defaults, and every write reaches the disk.
 */
const settings = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  shared_buffers: '128MB',
  maintenance_work_mem: '64MB',
  max_parallel_maintenance_workers: '2',
  max_wal_size: '1GB',
  wal_level: 'replica',
}

/** Narrow rows have many entries for each byte of an index, wide ones few. */
const tables = {
  narrow:
    'SELECT i::bigint AS id, (i::bigint * 7919 % 1000003)::int AS n, md5(i::text) AS t FROM generate_series(1, 1200000) i',
  wide: 'SELECT i::bigint AS id, (i::bigint * 7919 % 1000003)::int AS n, repeat(md5(i::text), 20) AS t FROM generate_series(1, 150000) i',
}

const works = {
  scan: ['ALTER TABLE big ADD CONSTRAINT c CHECK (n >= 0)', 'ALTER TABLE big ALTER COLUMN n SET NOT NULL'],
  build: ['CREATE INDEX ON big (id)', 'CREATE INDEX ON big (n)', 'CREATE INDEX ON big (md5(t))'],
  rewrite: [
    'ALTER TABLE big ALTER COLUMN n TYPE bigint',
    'ALTER TABLE big ADD COLUMN r double precision DEFAULT random()',
  ],
  update: ['UPDATE big SET n = n + 1'],
}

const versions = process.argv.slice(2).map(Number) as ServerVersion[]
for (const version of versions.length > 0 ? versions : ([12, 18] as const)) {
  const server = await startServer(version, settings)
  const client = await server.connect()
  try {
    for (const [shape, rows] of Object.entries(tables)) {
      for (const [work, statements] of Object.entries(works)) {
        for (const statement of statements) {
          await client.query(`DROP TABLE IF EXISTS big; CREATE TABLE big AS ${rows}; CHECKPOINT`)
          const size = await client.query("SELECT pg_relation_size('big')::float8 AS bytes")
          const started = performance.now()
          await client.query(statement)
          const seconds = (performance.now() - started) / 1000
          const rate = size.rows[0].bytes / seconds / 2 ** 20
          console.log(`${version}  ${shape}  ${work}  ${rate.toFixed(1)} MiB/s  ${seconds.toFixed(2)} s  ${statement}`)
        }
      }
    }
  } finally {
    await client.end()
    await server.stop()
  }
}
