import { textAt } from '../../code/text.ts'
import type { Host } from '../../code/value.ts'

/** The types that src/pgType.ts has a name for: `PgType.TIMESTAMP_WITH_TIME_ZONE`. */
const words =
  'bigint|int8|bigserial|serial8|bit|bit varying|varbit|boolean|bool|box|bytea|character|char|character varying|varchar|cidr|circle|date|double precision|float8|inet|integer|int|int4|interval|json|jsonb|line|lseg|macaddr|macaddr8|money|numeric|decimal|path|pg_lsn|pg_snapshot|point|polygon|real|float4|smallint|int2|smallserial|serial2|serial|serial4|text|time|time without time zone|time with time zone|timetz|timestamp|timestamp without time zone|timestamp with time zone|timestamptz|tsquery|tsvector|txid_snapshot|uuid|xml'.split(
    '|',
  )

const typeOfName = new Map([
  ...words.map(word => [word.toUpperCase().replaceAll(' ', '_'), word] as const),
  ['BIT_1', 'bit'],
])

export const pgTypes: Host = {
  kind: 'host',
  name: 'PgType',
  get: (name, at) => {
    const word = typeOfName.get(name)
    return word === undefined ? undefined : textAt(word, at)
  },
}
