import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from alembic import op

t = sa.table('t', sa.column('a', sa.Integer), sa.column('s', sa.String))


def upgrade():
    # create_table types
    op.create_table('t',sa.Column('id',sa.Integer(),nullable=False),sa.Column('bid',sa.BigInteger(),autoincrement=True,nullable=False),sa.Column('si',sa.SmallInteger()),sa.Column('s',sa.String()),sa.Column('s50',sa.String(50),nullable=False),sa.Column('s50b',sa.String(length=50)),sa.Column('u',sa.Unicode(10)),sa.Column('tx',sa.Text()),sa.Column('b',sa.Boolean()),sa.Column('dt',sa.DateTime()),sa.Column('dtz',sa.DateTime(timezone=True),server_default=sa.func.now()),sa.Column('ts',sa.TIMESTAMP(timezone=True)),sa.Column('pgts',pg.TIMESTAMP(precision=3)),sa.Column('d',sa.Date()),sa.Column('tm',sa.Time()),sa.Column('iv',sa.Interval()),sa.Column('f',sa.Float()),sa.Column('f24',sa.Float(24)),sa.Column('dbl',sa.Double()),sa.Column('n',sa.Numeric()),sa.Column('n102',sa.Numeric(10,2)),sa.Column('lb',sa.LargeBinary()),sa.Column('j',sa.JSON()),sa.Column('jb',pg.JSONB()),sa.Column('jbt',pg.JSONB(astext_type=sa.Text())),sa.Column('uu',sa.Uuid()),sa.Column('uu2',pg.UUID(as_uuid=True)),sa.Column('arr',pg.ARRAY(sa.String())),sa.Column('inet',pg.INET()),sa.Column('tsv',pg.TSVECTOR()),sa.Column('ci',pg.CITEXT()),sa.Column('e',sa.Enum('a','b',name='e1')),sa.Column('enn',sa.Enum('a','b',name='e2',native_enum=False)),sa.Column('pe',pg.ENUM('x','y',name='e3',create_type=False)),sa.Column('comp',sa.Integer(),sa.Computed('id*2')),sa.Column('idn',sa.Integer(),sa.Identity()),sa.Column('dflt',sa.Integer(),server_default='5'),sa.Column('dfltt',sa.Boolean(),server_default=sa.text('false')),sa.Column('dfltt2',sa.Boolean(),server_default=sa.true()),sa.Column('pyd',sa.Integer(),default=7),sa.Column('cm',sa.Integer(),comment="it's"),sa.PrimaryKeyConstraint('id'),sa.UniqueConstraint('s',name='uq_s'),sa.UniqueConstraint('s50'),sa.CheckConstraint('n>0',name='ck'),sa.ForeignKeyConstraint(['bid'],['other.id'],name='fk1',ondelete='CASCADE'),sa.ForeignKeyConstraint(['si'],['other.id']),schema=None,comment='tc')
    # create_table PK column flags, FK column, index/unique flags
    op.create_table('t2',sa.Column('id',sa.Integer(),primary_key=True),sa.Column('o',sa.Integer(),sa.ForeignKey('other.id',ondelete='SET NULL'),index=True),sa.Column('u',sa.String(),unique=True),sa.Column('Mixed',sa.Integer()),sa.Column('user',sa.Integer()),schema='sch')
    # create_table bigint pk / uuid pk / composite
    op.create_table('t3',sa.Column('id',sa.BigInteger(),primary_key=True))
    op.create_table('t4',sa.Column('id',sa.Uuid(),primary_key=True,server_default=sa.text('gen_random_uuid()')))
    op.create_table('t5',sa.Column('a',sa.Integer(),primary_key=True),sa.Column('b',sa.Integer(),primary_key=True))
    op.create_table('t6',sa.Column('a',sa.Integer()),if_not_exists=True)
    # drop_table/rename
    op.drop_table('t')
    op.drop_table('t',schema='s',if_exists=True)
    op.rename_table('a','b')
    op.rename_table('a','b',schema='s')
    # add_column
    op.add_column('t',sa.Column('a',sa.String(10),nullable=True))
    op.add_column('t',sa.Column('b',sa.Integer(),nullable=False,server_default='0'))
    op.add_column('t',sa.Column('c',sa.Integer(),nullable=False))
    op.add_column('t',sa.Column('d',sa.Boolean(),server_default=sa.false(),nullable=False))
    op.add_column('t',sa.Column('e',sa.Integer(),sa.ForeignKey('o.id')))
    op.add_column('t',sa.Column('f',sa.Integer(),unique=True))
    op.add_column('t',sa.Column('g',sa.Integer(),index=True))
    op.add_column('t',sa.Column('h',sa.DateTime(),server_default=sa.text('now()')))
    op.add_column('t',sa.Column('i',sa.Enum('a',name='ee')))
    op.add_column('t',sa.Column('j',sa.Integer(),comment='x'))
    op.add_column('t',sa.Column('k',sa.Integer(),default=4))
    op.add_column('t',sa.Column('l',sa.Integer(),primary_key=True))
    op.add_column('t',sa.Column('m',sa.Integer(),sa.ForeignKey('o.id',name='fkm',ondelete='CASCADE'),nullable=False),schema='s')
    # add_column if_not_exists
    op.add_column('t',sa.Column('a',sa.String(10)),if_not_exists=True)
    # add_column str default
    op.add_column('t',sa.Column('a',sa.String(10),server_default="it's"))
    # drop_column
    op.drop_column('t','a')
    op.drop_column('t','a',schema='s')
    # drop_column if_exists
    op.drop_column('t','a',if_exists=True)
    # alter nullable
    op.alter_column('t','a',nullable=False)
    op.alter_column('t','a',existing_type=sa.String(),nullable=True)
    # alter type
    op.alter_column('t','a',type_=sa.Text(),existing_type=sa.String(10))
    op.alter_column('t','a',type_=sa.Integer(),postgresql_using='a::integer')
    op.alter_column('t','a',existing_type=sa.VARCHAR(length=10),type_=sa.String(50),existing_nullable=False)
    # alter default
    op.alter_column('t','a',server_default='5')
    op.alter_column('t','a',server_default=None)
    op.alter_column('t','a',server_default=sa.text('now()'))
    op.alter_column('t','a',server_default=sa.false(),existing_type=sa.Boolean())
    # alter name / many
    op.alter_column('t','a',new_column_name='b')
    op.alter_column('t','a',new_column_name='b',type_=sa.Text(),nullable=False,server_default='x',comment='c',existing_type=sa.String())
    # alter comment
    op.alter_column('t','a',comment=None)
    # create_index
    op.create_index('ix','t',['a'])
    op.create_index(op.f('ix_t_a'),'t',['a'],unique=True)
    op.create_index('ix','t',['a','b'],schema='s',unique=False)
    op.create_index('ix','t',[sa.text('lower(a)')])
    op.create_index('ix','t',[sa.text('a DESC')],postgresql_using='gin',postgresql_where=sa.text('a is not null'),postgresql_ops={'a':'gin_trgm_ops'},postgresql_include=['c'],postgresql_with={'fillfactor':50},postgresql_nulls_not_distinct=True)
    op.create_index('ix','t',['a'],if_not_exists=True)
    op.create_index(None,'t',['a'])
    # create_index ops
    op.create_index('ix','t',['a'],postgresql_using='gin',postgresql_ops={'a':'gin_trgm_ops'})
    # create_index concurrently (in txn)
    op.create_index('ix','t',['a'],postgresql_concurrently=True)
    # autocommit_block
    with op.get_context().autocommit_block(): op.create_index('ix','t',['a'],postgresql_concurrently=True); op.drop_index('ix',table_name='t',postgresql_concurrently=True,if_exists=True)
    # drop_index
    op.drop_index('ix')
    op.drop_index('ix',table_name='t')
    op.drop_index('ix',table_name='t',schema='s',if_exists=True)
    # create_foreign_key
    op.create_foreign_key('fk','t','o',['oid'],['id'])
    op.create_foreign_key(None,'t','o',['oid'],['id'],ondelete='CASCADE',onupdate='CASCADE',deferrable=True,initially='DEFERRED',source_schema='s',referent_schema='s2')
    op.create_foreign_key('fk','t','o',['oid'],['id'],postgresql_not_valid=True)
    # constraints
    op.create_unique_constraint('uq','t',['a','b'])
    op.create_unique_constraint(None,'t',['a'])
    op.create_check_constraint('ck','t','a > 0')
    op.create_check_constraint('ck','t','a > 0',postgresql_not_valid=True)
    op.create_primary_key('pk','t',['id'])
    op.create_exclude_constraint('ex','t',('r','&&'),using='gist')
    op.drop_constraint('fk','t',type_='foreignkey')
    op.drop_constraint('fk','t',schema='s')
    op.drop_constraint('fk','t',if_exists=True)
    # comments
    op.create_table_comment('t','x')
    op.drop_table_comment('t')
    # batch_alter_table
    with op.batch_alter_table('t',schema=None) as bo:
        bo.add_column(sa.Column('x',sa.Integer())); bo.alter_column('y',nullable=False,type_=sa.Text()); bo.drop_column('z'); bo.create_index('ixx',['x']); bo.create_index(bo.f('ix_t_x'),['x'],unique=False); bo.create_foreign_key('fkx','o',['x'],['id']); bo.create_unique_constraint('uqx',['x']); bo.drop_constraint('ck',type_='check'); bo.drop_index('ixx'); bo.create_primary_key('pkk',['x']); bo.create_check_constraint('ckk','x>0')
    # execute
    op.execute('select 1')
    op.execute(sa.text('select :x').bindparams(x=1))
    op.execute("update t set a = 'x:y'")
    # bulk_insert/update
    op.bulk_insert(t,[{'a':1,'s':'x'},{'a':2,'s':'y'}])
    op.execute(t.update().where(t.c.a==1).values(s='q'))
    # enum create
    op.execute("CREATE TYPE zz AS ENUM ('a')")
