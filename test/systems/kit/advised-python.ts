import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { indented } from '../../code/kit/indented.ts'
import type { CodeTool, Project } from './advised.ts'
import { alembicEnvironment, packagesOf } from './python.ts'

const run = promisify(execFile)

/** Runs a module of Python in a project, with the packages of a list. Fails with what it printed. */
async function python(list: string, args: readonly string[], { folder, url }: Project): Promise<void> {
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '',
    PYTHONPATH: `${packagesOf(list)}:${folder}`,
    PYTHONDONTWRITEBYTECODE: '1',
    DATABASE_URL: url,
    PGPORT: new URL(url).port,
  }
  await run('python3', ['-m', ...args], { cwd: folder, env, timeout: 60_000 })
}

const text = (sql: string) => `"""${sql}"""`

export const pythonTools: Readonly<Record<string, CodeTool>> = {
  alembic: {
    files: {
      'alembic.ini': '[alembic]\nscript_location = alembic\nsqlalchemy.url = postgresql://localhost/shop\n',
      'alembic/env.py': alembicEnvironment,
    },
    path: number => `alembic/versions/r${number}_a.py`,
    // The code itself says where no transaction is.
    migration: (code, number) =>
      `"""a"""\nfrom alembic import op\nimport sqlalchemy as sa\nrevision = 'r${number}'\ndown_revision = ${number === 1 ? 'None' : `'r${number - 1}'`}\n\n\ndef upgrade():\n${indented(code)}\n\n\ndef downgrade():\n    pass\n`,
    sql: sql => `op.execute(${text(sql)})`,
    apply: project => python('alembic', ['alembic', 'upgrade', 'head'], project),
  },
  django: {
    files: {
      'manage.py': '',
      'requirements.txt': 'Django==5.2.19\npsycopg==3.3.9\n',
      'settings.py': `import os
INSTALLED_APPS = ['shop', 'django.contrib.postgres']
SECRET_KEY = 'none'
DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'NAME': 'shop', 'USER': 'postgres', 'HOST': '127.0.0.1', 'PORT': os.environ['PGPORT']}}
`,
      'shop/__init__.py': '',
      'shop/migrations/__init__.py': '',
    },
    path: number => `shop/migrations/000${number}_a.py`,
    migration: (code, number, isOutside) => `from django.db import migrations, models
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, RemoveIndexConcurrently, ValidateConstraint


class Migration(migrations.Migration):
${isOutside ? '    atomic = False\n' : ''}    dependencies = [${number === 1 ? '' : `("shop", "000${number - 1}_a")`}]
    operations = [
${code}
    ]
`,
    tables: `migrations.CreateModel('Customer', [('id', models.BigIntegerField(primary_key=True))], options={'db_table': 'customers'}),
migrations.CreateModel('Order', [
    ('id', models.BigIntegerField(primary_key=True)),
    ('customer_id', models.BigIntegerField(null=True)),
    ('note', models.TextField(null=True)),
    ('code', models.TextField(null=True)),
    ('total', models.IntegerField(null=True)),
], options={'db_table': 'orders', 'indexes': [models.Index(fields=['code'], name='orders_code')]}),`,
    sql: sql => `migrations.RunSQL(${text(sql)}),`,
    apply: project => python('django-5.2', ['django', 'migrate', '--settings', 'settings'], project),
  },
}
