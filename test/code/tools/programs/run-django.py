# Runs migrations with Django on a server: {port, database, cases: [[text of a migration, …], …]} on standard input. Prints, for each
# case, what each migration sends up and down, right after it was applied: [{up: [sql] | null, down: [sql] | null}]; null where Django or PostgreSQL refuses it.
import json, sys, types

given = json.load(sys.stdin)
import django
from django.conf import settings

settings.configure(
    INSTALLED_APPS=['django.contrib.contenttypes', 'django.contrib.auth', 'django.contrib.postgres'],
    DATABASES={'default': {'ENGINE': 'django.db.backends.postgresql', 'NAME': given['database'], 'USER': 'postgres', 'PASSWORD': 'none', 'HOST': '127.0.0.1', 'PORT': given['port']}},
    DEFAULT_AUTO_FIELD='django.db.models.BigAutoField', SECRET_KEY='x', USE_TZ=True,
)
django.setup()
from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState

log = []
execute = BaseDatabaseSchemaEditor.execute


def logged(self, sql, params=()):
    log.append(str(sql))
    return execute(self, sql, params)


BaseDatabaseSchemaEditor.execute = logged


def migrations(texts):
    for i, text in enumerate(texts):
        module = types.ModuleType(f'm{i}')
        exec(compile(text, module.__name__, 'exec'), module.__dict__)
        yield module.__dict__['Migration'](f'{i:04}', 'app')


def run(work, migration, state):
    log.clear()
    try:
        with connection.schema_editor(atomic=migration.atomic) as editor:
            after = work(state, editor)
        return after, list(log)
    except Exception as error:
        if '--why' in sys.argv:
            print(type(error).__name__, str(error)[:200], log[-1:], file=sys.stderr)
        connection.close()
        return None, None


def case(texts):
    with connection.cursor() as cursor:
        cursor.execute('DROP SCHEMA public CASCADE; CREATE SCHEMA public')
    state, found = ProjectState(), []
    for migration in migrations(texts):
        after, up = run(migration.apply, migration, state.clone())
        if up is None:
            break
        _, down = run(migration.unapply, migration, state.clone())
        found.append({'up': up, 'down': down})
        # It is there for those that come after it.
        if down is not None:
            after, again = run(migration.apply, migration, state.clone())
            if again is None:
                break
        state = after
    return found + [{'up': None, 'down': None}] * (len(texts) - len(found))


print(json.dumps([case(texts) for texts in given['cases']]))
