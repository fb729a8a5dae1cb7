# Writes migrations as SQL with Alembic, without a server: {cases: [text of a migration, …]} on standard input. Prints, for each case, the
# statements of `upgrade`; null where Alembic or SQLAlchemy refuses it.
import io, json, re, sys, types

given = json.load(sys.stdin)
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext


def case(text):
    output = io.StringIO()
    context = MigrationContext.configure(
        dialect_name='postgresql', opts={'as_sql': True, 'literal_binds': True, 'output_buffer': output}
    )
    try:
        with Operations.context(context):
            module = types.ModuleType('migration')
            exec(compile(text, 'migration', 'exec'), module.__dict__)
            with context.begin_transaction():
                module.__dict__['upgrade']()
    except Exception as error:
        if '--why' in sys.argv:
            print(type(error).__name__, str(error)[:200], file=sys.stderr)
        return None
    parts = re.split(r';\n\n', output.getvalue())
    return [part for part in parts if part.strip() not in ('', 'BEGIN', 'COMMIT')]


print(json.dumps([case(text) for text in given['cases']]))
