import { expect, test } from 'vitest'
import { flywayCalls } from '../../src/systems/flyway/calls.ts'
import { sent } from './kit/sent.ts'

async function migrate(body: string, members = ''): Promise<Awaited<ReturnType<typeof sent>>> {
  const text = `package db.migration;

import java.sql.Statement;
import java.util.List;
import org.flywaydb.core.api.migration.BaseJavaMigration;
import org.flywaydb.core.api.migration.Context;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import com.example.Helper;

public class V2__x extends BaseJavaMigration {
${members}
  @Override
  public void migrate(Context context) throws Exception {
${body}
  }
}
`
  return sent(flywayCalls, text, 'up', 'V2__x.java')
}

test.each<[string, string, string[]]>([
  ['a statement', 'try (Statement s = context.getConnection().createStatement()) { s.execute("a" + "b"); }', ['ab']],
  [
    'a text block',
    'var s = context.getConnection().createStatement();\ns.execute("""\n      a (\n        b \\\n        c)  \n      d\\te\n      """);',
    ['a (\n  b   c)\nd\te\n'],
  ],
  [
    'a text block whose end has less white space',
    'context.getConnection().createStatement().execute("""\n      a\n    """);',
    ['  a\n'],
  ],
  [
    'a template of Spring',
    'new JdbcTemplate(new SingleConnectionDataSource(context.getConnection(), true)).execute("a");',
    ['a'],
  ],
  [
    'a loop',
    'for (String t : List.of("a", "b")) { context.getConnection().createStatement().executeUpdate("drop " + t); }',
    ['drop a', 'drop b'],
  ],
  [
    'String.format',
    'context.getConnection().createStatement().execute(String.format("a %s %d%%", "b", 1));',
    ['a b 1%'],
  ],
  [
    'a batch',
    'Statement s = context.getConnection().createStatement();\ns.addBatch("a");\ns.addBatch("b");\ns.executeBatch();',
    ['a', 'b'],
  ],
  [
    'a prepared statement',
    'try (var s = context.getConnection().prepareStatement("a ?")) { s.setInt(1, 2); s.executeUpdate(); }',
    ['a $1'],
  ],
  [
    'parameters of a prepared statement, which are neither in literals nor in comments',
    `context.getConnection().prepareStatement("a =? or '?' /* ? */ || \\"?\\" ?? ?::int -- ?").execute();`,
    [`a =$1 or '?' /* ? */ || "?" ? $2::int -- ?`],
  ],
  ['a question mark of a plain statement', 'context.getConnection().createStatement().execute("a ? b");', ['a ? b']],
  [
    'parameters of a template of Spring',
    'var t = new JdbcTemplate(new SingleConnectionDataSource(context.getConnection(), true));\nt.update("a ?", 1);\nt.execute("b ? c");\nt.batchUpdate("d ?", List.of());\nt.batchUpdate("e ? f", "g");',
    ['a $1', 'b ? c', 'd $1', 'e ? f', 'g'],
  ],
  [
    'a loop that counts',
    'for (int i = 0; i < 2; i++) context.getConnection().createStatement().execute("a" + i);',
    ['a0', 'a1'],
  ],
])('reads %s', async (_, body, sql) => {
  expect(await migrate(body)).toEqual({ sql, unread: [], doubts: [] })
})

test('reads methods and constants of the class', async () => {
  const members =
    '  private static final String Q = "a";\n  private void run(Context context, String name) { context.getConnection().createStatement().execute(Q + name); }\n'
  expect(await migrate('run(context, "b"); this.run(context, "c");', members)).toEqual({
    sql: ['ab', 'ac'],
    unread: [],
    doubts: [],
  })
})

test('a class of another file that gets the connection is unread', async () => {
  const read = await migrate(
    'Helper.seed(context.getConnection());\ncontext.getConnection().createStatement().execute("a");',
  )
  expect(read.sql).toEqual(['a'])
  expect(read.unread).toEqual(['Helper.seed(context.getConnection()): `Helper.seed`: it comes from another file'])
})

test('rows of a result are unknown', async () => {
  const read = await migrate(
    'var s = context.getConnection().createStatement();\nvar r = s.executeQuery("a");\nwhile (r.next()) { s.execute("b"); }',
  )
  expect(read.sql).toEqual(['a', 'b'])
  expect(read.doubts).toHaveLength(1)
})
