/**
 * Measures how long reading takes: `npx tsx bench/parse.ts [statements]`. The cost must grow no faster than the text. It counts
 * processor time, so that a busy machine gives the same figures.
 */
import { loadParser, parse } from '../src/parse/index.ts'

const FORMS = [
  (i: number) =>
    `-- ${i}: é\nCREATE TABLE IF NOT EXISTS "schema"."table_${i}" (id bigint PRIMARY KEY, name text NOT NULL DEFAULT 'a;b');`,
  (i: number) => `ALTER TABLE table_${i} ADD CONSTRAINT table_${i}_check CHECK (amount > 0 AND name <> '') NOT VALID;`,
  (i: number) =>
    `CREATE UNIQUE INDEX CONCURRENTLY table_${i}_idx ON table_${i} USING btree (lower(name), id DESC) WHERE id > ${i};`,
  (i: number) => `INSERT INTO table_${i} (id, name) VALUES (${i}, 'it''s'), (${i + 1}, E'b\\n'), (${i + 2}, $$c$$);`,
  (i: number) =>
    `DO $$\nBEGIN\n  IF true THEN\n    UPDATE table_${i} SET name = 'ü' WHERE id = ${i};\n  END IF;\n  EXECUTE 'DROP TABLE x_${i}';\nEND $$;`,
  (i: number) => `GRANT SELECT ON {{ .Schema }}.table_${i} TO :role;`,
]

function generate(statements: number): string {
  return Array.from({ length: statements }, (_, i) => FORMS[i % FORMS.length]?.(i)).join('\n\n')
}

await loadParser()
parse({ path: 'warm-up.sql', text: generate(600) })
const most = Number(process.argv[2] ?? 10_000)
for (let statements = Math.ceil(most / 8); statements <= most; statements *= 2) {
  const text = generate(statements)
  const start = process.cpuUsage()
  const script = parse({ path: 'bench.sql', text })
  const used = process.cpuUsage(start)
  const elapsed = (used.user + used.system) / 1000
  const size = (text.length / 1e6).toFixed(2)
  const each = ((elapsed * 1000) / statements).toFixed(0)
  console.log(
    `${String(script.statements.length).padStart(6)} statements  ${size} MB  ${elapsed.toFixed(0).padStart(5)} ms  ${each} µs each`,
  )
}
