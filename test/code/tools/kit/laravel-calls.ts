import fc from 'fast-check'

/** Generated statements of `up` in migrations of Laravel. */
export const statements: fc.Arbitrary<string> = fc
  .constant('')
  .chain(() =>
    fc
      .array(fc.oneof(create, create, alter, alter, alter, alone), { minLength: 1, maxLength: 2 })
      .map(all => all.join('\n')),
  )

const q = (text: string) => `'${text.replace(/['\\]/g, '\\$&')}'`
const name = fc.constantFrom('a', 'b', 'userId', 'x-y', 'odd name', "it's").map(q)
const table = fc.constantFrom('users', 'app.users', 'user-accounts', 'people').map(q)

const type = fc.constantFrom(
  ...['string(N)', 'string(N, 50)', 'char(N)', 'char(N, 3)', 'text(N)', 'mediumText(N)', 'longText(N)', 'integer(N)'],
  ...[
    'bigInteger(N)',
    'smallInteger(N)',
    'tinyInteger(N)',
    'mediumInteger(N)',
    'unsignedBigInteger(N)',
    'integer(N, true)',
  ],
  ...['increments(N)', 'bigIncrements(N)', 'smallIncrements(N)', 'id(N)', 'foreignId(N)', 'boolean(N)', 'float(N)'],
  ...[
    'double(N)',
    'decimal(N)',
    'decimal(N, 5)',
    'decimal(N, 12, 4)',
    'unsignedDecimal(N)',
    'timestamp(N)',
    'timestamp(N, 3)',
  ],
  ...[
    'timestampTz(N)',
    'dateTime(N)',
    'dateTimeTz(N, 6)',
    'date(N)',
    'time(N)',
    'timeTz(N, 2)',
    'year(N)',
    'binary(N)',
  ],
  ...['json(N)', 'jsonb(N)', 'uuid(N)', 'ipAddress(N)', 'macAddress(N)', "enum(N, ['a', 'b'])", "enum(N, ['it\\'s'])"],
  ...['foreignUuid(N)', 'geometry(N)', 'point(N)', 'tinyText(N)', "set(N, ['a'])", 'unsignedInteger(N, true)'],
)
const value = fc.constantFrom("'x'", '5', '1.5', 'true', 'false', 'null', "'it\\'s'", "DB::raw('now()')", "''")
const modifier = fc.oneof(
  fc.constantFrom(
    ...[
      'nullable()',
      'nullable(false)',
      'unsigned()',
      'unique()',
      'index()',
      'primary()',
      "unique('un')",
      "index('ix')",
    ],
    ...["comment('it\\'s')", "collation('C')", 'useCurrent()', 'autoIncrement()', "storedAs('a + 1')", 'generatedAs()'],
    ...[
      "generatedAs('start with 5')->always()",
      "after('z')",
      'fulltext()',
      'spatialIndex()',
      'startingValue(5)',
      "charset('utf8')",
    ],
    ...['useCurrentOnUpdate()', 'isGeometry()', "virtualAs('1')", 'first()'],
  ),
  value.map(each => `default(${each})`),
)
const column = fc
  .tuple(name, type, fc.uniqueArray(modifier, { maxLength: 3, selector: each => each.slice(0, each.indexOf('(')) }))
  .map(([n, t, ms]) => `$table->${t.replace('N', n)}${ms.map(m => `->${m}`).join('')};`)
const names = fc.oneof(
  name,
  fc.uniqueArray(name, { minLength: 1, maxLength: 2 }).map(each => `[${each.join(', ')}]`),
)
const key = fc
  .tuple(
    names,
    fc.constantFrom(
      ...[
        'index(N)',
        "index(N, 'ii')",
        "index(N, 'ii', 'hash')",
        'unique(N)',
        "unique(N, 'uu')",
        'primary(N)',
        "primary(N, 'pp')",
      ],
      ...[
        "foreign(N)->references('id')->on('o')",
        "foreign(N, 'fk')->references(['x'])->on('s.o')->onDelete('cascade')",
      ],
      ...[
        "foreign(N)->references('id')->on('o')->cascadeOnUpdate()->nullOnDelete()->deferrable()->initiallyImmediate(false)",
      ],
      ...["rawIndex('lower(a)', 'raw')", 'spatialIndex(N)', 'fullText(N)', "fullText(N, 'ft')->language('german')"],
      ...[
        'timestamps()',
        'timestampsTz(3)',
        'softDeletes()',
        "softDeletesTz('gone', 2)",
        'rememberToken()',
        "morphs('m')",
      ],
      ...[
        "nullableMorphs('m')",
        "uuidMorphs('m', 'mx')",
        "foreignId('user_id')->constrained()",
        "foreignId('o_id')->nullable()->constrained('people', 'uid')->nullOnDelete()",
      ],
      ...["foreignUuid('address_id')->constrained()->restrictOnDelete()->cascadeOnUpdate()"],
    ),
  )
  .map(([ns, c]) => `$table->${c.replace('N', ns)};`)
const change = fc
  .tuple(
    names,
    fc.constantFrom(
      ...[
        'dropColumn(N)',
        "dropColumn('a', 'b')",
        'dropIndex(N)',
        "dropIndex('ix')",
        'dropUnique(N)',
        'dropForeign(N)',
      ],
      ...[
        "dropForeign('fk')",
        'dropPrimary()',
        "dropPrimary('p')",
        'dropSpatialIndex(N)',
        'dropFullText(N)',
        'dropTimestamps()',
      ],
      ...[
        'dropTimestampsTz()',
        "dropSoftDeletes('gone')",
        'dropRememberToken()',
        "dropMorphs('m')",
        "renameIndex('a', 'b')",
      ],
      ...["dropConstrainedForeignId('user_id')"],
    ),
  )
  .map(([ns, c]) => `$table->${c.replace('N', ns)};`)
/** No column twice: Laravel takes their names for keys. */
const nameOf = (line: string) => /^\$table->\w+\(('(?:[^'\\]|\\.)*')/.exec(line)?.[1] ?? line
const closure = (lines: readonly string[]) => `function (Blueprint $table) { ${lines.join(' ')} }`
const create = fc
  .tuple(
    table,
    fc.uniqueArray(fc.oneof({ weight: 3, arbitrary: column }, key), { minLength: 1, maxLength: 6, selector: nameOf }),
    fc.constantFrom('', '', '', '$table->temporary();'),
  )
  .map(([t, lines, more]) => `Schema::create(${t}, ${closure([more, ...lines])});`)
const alter = fc
  .tuple(table, fc.uniqueArray(fc.oneof(column, key, change), { minLength: 1, maxLength: 6, selector: nameOf }))
  .map(([t, lines]) => `Schema::table(${t}, ${closure(lines)});`)
const alone = fc.constantFrom(
  ...[
    "Schema::drop('a');",
    "Schema::dropIfExists('s.a');",
    "Schema::rename('a', 'b');",
    "Schema::dropColumns('t', ['a', 'b']);",
  ],
  ...["DB::statement('select 1');", "DB::unprepared('select 1; select 2');", 'Schema::enableForeignKeyConstraints();'],
  ...["DB::table('t')->insert(['a' => 1, 'b' => 'x']);", "DB::table('t')->where('a', 1)->update(['b' => 2]);"],
  ...["DB::table('t')->whereNull('a')->orWhere('b', '>', 3)->delete();", 'Schema::disableForeignKeyConstraints();'],
  ...[
    "DB::table('t')->join('u', 't.u_id', '=', 'u.id')->where('u.x', 3)->update(['a' => 1]);",
    "DB::table('app.t')->leftJoin('u', 't.u_id', 'u.id')->limit(5)->delete();",
    "DB::table('t')->distinct()->select('t.*', 'u.a as b')->oldest()->latest('x')->take(3)->get();",
    "DB::table('t')->join('u', 't.u_id', '>', 'u.id')->orderByDesc('a')->exists();",
    "DB::table('t')->where('a', 1)->orderBy('b')->chunk(100, fn ($rows) => 1);",
    "DB::table('t')->select('a')->orderBy('b')->chunkById(200, fn ($rows) => 1, 'k');",
    "DB::table('t')->orderBy('b')->each(fn ($row) => 1, 10);",
    "DB::table('t')->eachById(fn ($row) => 1);",
  ],
)
