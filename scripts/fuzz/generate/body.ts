import type { Random } from '../random.ts'
import { type TextOf, valid } from './sql.ts'
import { oddCharacter, oddName, token } from './words.ts'

const tags = ['$$', '$$', '$a$', '$A$', '$_1$', '$é$', '$1$', '$', "'", "E'", '$ $', '$a b$']

/** Opening, closing and nested dollar quotes. */
export const quotes: TextOf = (random, corpus) =>
  random
    .some(1, 8, () => {
      if (random.chance(55)) return random.pick(tags)
      if (random.chance(15)) return `$${oddName(random)}$`
      return random.pick([token(random), oddCharacter(random), valid(random, corpus), 'DO ', 'x', '\n', ' '])
    })
    .join(random.pick(['', ' ']))

/** A block of PL/pgSQL in a statement that carries one. */
export const plpgsql: TextOf = (random, corpus) => {
  const tag = random.pick(['$$', '$body$', '$a$'])
  const body = block(random, corpus, random.between(0, 3))
  return random.pick([
    `DO ${tag}${body}${tag};`,
    `DO LANGUAGE plpgsql ${tag}${body}${tag}`,
    `DO '${body.replaceAll("'", "''")}';`,
    `DO E'${body.replaceAll("'", "\\'")}';`,
    `CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS ${tag}${body}${tag}; SELECT f();`,
    `CREATE OR REPLACE PROCEDURE p(a int) AS ${tag}${body}${tag} LANGUAGE plpgsql; CALL p(1);`,
    `CREATE FUNCTION t() RETURNS trigger AS ${tag}${body}${tag} LANGUAGE plpgsql; CREATE TRIGGER x AFTER UPDATE ON users EXECUTE FUNCTION t();`,
    `CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC ${valid(random, corpus)}; END;`,
    `DO LANGUAGE ${random.pick(['plperl', 'plpython3u', oddName(random)])} ${tag}${body}${tag};`,
  ])
}

function block(random: Random, corpus: Parameters<TextOf>[1], depth: number): string {
  const declared = random.some(
    0,
    2,
    () =>
      `${random.pick(['a', 'b', oddName(random)])} ${random.pick(['int', 'users%ROWTYPE', 'text := 1', 'CURSOR FOR SELECT 1', 'record'])};`,
  )
  const statements = random.some(0, 4, () => statement(random, corpus, depth)).join('\n')
  const caught = random.chance(20) ? 'EXCEPTION WHEN OTHERS THEN NULL;' : ''
  const begun = `${declared.length > 0 ? `DECLARE ${declared.join(' ')} ` : ''}BEGIN ${statements} ${caught}`
  return `${random.chance(10) ? '<<label>> ' : ''}${begun}${random.chance(93) ? ' END' : ''}${random.pick([';', '', ' x;'])}`
}

function statement(random: Random, corpus: Parameters<TextOf>[1], depth: number): string {
  const sql = valid(random, corpus).slice(0, 400)
  const inner = () => (depth > 0 ? block(random, corpus, depth - 1) : 'NULL;')
  const literal = `'${sql.replaceAll("'", "''")}'`
  return random.pick([
    `${sql};`,
    `PERFORM ${token(random)};`,
    `EXECUTE ${literal};`,
    `EXECUTE E'${sql.replaceAll(/['\\]/g, '\\$&')}';`,
    `EXECUTE $q$${sql}$q$ USING a;`,
    `EXECUTE format('DROP TABLE %I', ${literal});`,
    `EXECUTE ${literal} || a || ${literal};`,
    `IF ${random.pick(['true', 'EXISTS (SELECT 1)', token(random)])} THEN ${inner()} ELSIF a THEN ${sql}; ELSE NULL; END IF;`,
    `FOR a IN SELECT 1 LOOP ${inner()} END LOOP;`,
    `WHILE true LOOP ${inner()} END LOOP;`,
    `FOREACH a IN ARRAY b LOOP EXIT WHEN a; END LOOP;`,
    `CASE a WHEN 1 THEN ${inner()} END CASE;`,
    `RAISE EXCEPTION '%', a; RETURN QUERY ${sql};`,
    `COMMIT; ${inner()}`,
    `a := (${sql});`,
    `ASSERT false, ${literal}; GET DIAGNOSTICS a = ROW_COUNT;`,
    token(random),
    inner(),
  ])
}
