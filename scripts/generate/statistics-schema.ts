import { largestFigure, nameForms, relationKinds } from '../../src/lint/sizes/statistics.ts'

const string = { type: 'string' }
const figure = { type: 'number', minimum: 0, maximum: largestFigure }

const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Output of migrate-lint stats',
  type: 'object',
  properties: {
    schemaVersion: { const: 1 },
    tool: { type: 'object', properties: { name: string, version: string } },
    takenAt: { ...string, format: 'date-time', description: 'When the database was asked, in UTC.' },
    server: { ...string, pattern: '^\\d{1,2}(\\.\\d{1,3})?$', description: 'The version of PostgreSQL: "16.4".' },
    names: {
      enum: nameForms,
      description: 'How names are written: as they are, or the first half of their SHA-256 in hexadecimal digits.',
    },
    relations: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          name: { ...string, description: 'With its schema: "public.orders".' },
          kind: { enum: relationKinds },
          rows: { ...figure, description: 'Estimated; left out where it was never analysed.' },
          bytes: { ...figure, description: 'Without indexes, with TOAST; of a partitioned table 0.' },
          indexBytes: { ...figure, description: 'Of all indexes of the table.' },
          writesPerSecond: {
            ...figure,
            description: 'Rows inserted, updated and deleted, since statistics were reset or the server started.',
          },
          partitionOf: { ...string, description: 'The partitioned table or index that it is a part of.' },
        },
        required: ['name', 'kind', 'bytes'],
      },
    },
  },
  required: ['schemaVersion', 'takenAt', 'server', 'names', 'relations'],
}

/** schema/stats.json: the file that `migrate-lint stats` writes and linting reads. */
export function statisticsFile(): string {
  return `${JSON.stringify(schema, null, 2)}\n`
}
