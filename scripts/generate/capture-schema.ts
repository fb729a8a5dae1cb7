const string = { type: 'string' }
const count = { type: 'integer', minimum: 0 }

const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Output of migrate-lint capture --save',
  type: 'object',
  properties: {
    migrateLintCapture: { const: 1, description: 'The version of this form. It is the first key of the file.' },
    exitCode: { ...count, description: 'That of the command.' },
    refused: { ...count, description: 'The number of messages that the server refused, which are left out.' },
    left: { ...count, description: 'The number of messages for which there was no room.' },
    migrations: {
      type: 'array',
      maxItems: 100_000,
      items: {
        type: 'object',
        properties: {
          name: { type: ['string', 'null'], description: 'As the tool has recorded it; null: it recorded none.' },
          sql: { ...string, description: 'A script that sends the same again, transactions included.' },
        },
        required: ['name', 'sql'],
      },
    },
  },
  required: ['migrateLintCapture', 'exitCode', 'refused', 'left', 'migrations'],
}

/** schema/capture.json: the file that `migrate-lint capture --save` writes and linting reads. */
export function captureFile(): string {
  return `${JSON.stringify(schema, null, 2)}\n`
}
