import { alembicEnvironment, packagesOf, withoutPython } from '../../systems/kit/python.ts'
import type { CapturedTool } from './captured-tool.ts'

const pythonPath = (...lists: readonly string[]) => ({
  PYTHONPATH: ['.', ...lists.map(packagesOf)].join(':'),
  PYTHONDONTWRITEBYTECODE: '1',
})

/** The tools of `capturedTools` that are written in Python. */
export const pythonTools: readonly CapturedTool[] = [
  {
    name: 'Django',
    missing: withoutPython,
    command: () => ['python3', 'manage.py', 'migrate'],
    environment: () => pythonPath('django-5.2'),
    files: {
      'manage.py': `import os, sys
os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'settings')
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
`,
      'settings.py': `import os
DATABASES = {'default': {
  'ENGINE': 'django.db.backends.postgresql', 'HOST': os.environ['PGHOST'], 'PORT': os.environ['PGPORT'],
  'NAME': os.environ['PGDATABASE'], 'USER': os.environ['PGUSER'], 'PASSWORD': os.environ['PGPASSWORD'],
}}
INSTALLED_APPS = ['shop']
DEFAULT_AUTO_FIELD = 'django.db.models.BigAutoField'
`,
      'shop/__init__.py': '',
      'shop/migrations/__init__.py': '',
      'shop/migrations/0001_initial.py': `from django.db import migrations, models
class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel('User', [
            ('id', models.BigAutoField(primary_key=True)),
            ('email', models.CharField(max_length=200)),
        ]),
        migrations.CreateModel('Order', [
            ('id', models.BigAutoField(primary_key=True)),
            ('user', models.ForeignKey('shop.User', on_delete=models.CASCADE)),
            ('total', models.DecimalField(max_digits=10, decimal_places=2)),
        ]),
    ]
`,
      'shop/migrations/0002_changes.py': `from django.db import migrations, models
class Migration(migrations.Migration):
    dependencies = [('shop', '0001_initial')]
    operations = [
        migrations.AddField('order', 'state', models.CharField(max_length=20, default='new')),
        migrations.AlterField('user', 'email', models.CharField(max_length=300, db_index=True)),
        migrations.AddConstraint('order', models.CheckConstraint(condition=models.Q(total__gt=0), name='positive')),
        migrations.RunSQL("UPDATE shop_order SET state = 'old' WHERE total > 5"),
    ]
`,
      'shop/migrations/0003_concurrently.py': `from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
class Migration(migrations.Migration):
    atomic = False
    dependencies = [('shop', '0002_changes')]
    operations = [AddIndexConcurrently('order', models.Index(fields=['total'], name='order_total'))]
`,
    },
    recorded: ['0001_initial', '0002_changes', '0003_concurrently'],
  },
  {
    name: 'Alembic',
    missing: withoutPython,
    command: () => ['python3', '-m', 'alembic.config', 'upgrade', 'head'],
    // The driver is in the list of Django.
    environment: () => pythonPath('alembic', 'django-5.2'),
    files: {
      'alembic.ini': '[alembic]\nscript_location = alembic\n',
      'alembic/env.py': alembicEnvironment,
      'alembic/versions/0a1b2c3d4e5f_users.py': `from alembic import op
import sqlalchemy as sa
revision = '0a1b2c3d4e5f'
down_revision = None
def upgrade():
    op.create_table('users', sa.Column('id', sa.Integer, primary_key=True), sa.Column('email', sa.Text, nullable=False))
    op.create_table('orders', sa.Column('id', sa.BigInteger, primary_key=True),
        sa.Column('user_id', sa.Integer, sa.ForeignKey('users.id')), sa.Column('total', sa.Numeric(10, 2)))
`,
      'alembic/versions/1a1b2c3d4e5f_changes.py': `from alembic import op
import sqlalchemy as sa
revision = '1a1b2c3d4e5f'
down_revision = '0a1b2c3d4e5f'
def upgrade():
    op.add_column('orders', sa.Column('state', sa.String(20), nullable=False, server_default='new'))
    op.create_index('orders_user_id', 'orders', ['user_id'])
    op.create_check_constraint('orders_total', 'orders', 'total > 0')
    op.execute("UPDATE orders SET state = 'old' WHERE total > 5")
`,
      'alembic/versions/2a1b2c3d4e5f_concurrently.py': `from alembic import op
revision = '2a1b2c3d4e5f'
down_revision = '1a1b2c3d4e5f'
def upgrade():
    with op.get_context().autocommit_block():
        op.create_index('users_email', 'users', ['email'], unique=True, postgresql_concurrently=True)
`,
    },
    recorded: ['0a1b2c3d4e5f', '1a1b2c3d4e5f', '2a1b2c3d4e5f'],
  },
]
