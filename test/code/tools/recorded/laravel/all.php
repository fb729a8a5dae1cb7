<?php

use App\Models\User;
use Illuminate\Database\Migrations\Migration;
use Illuminate\Support\Facades\DB;
use Illuminate\Support\Facades\Schema;

return new class extends Migration
{
    public function up(): void
    {
        // create types
        Schema::create('users',function($t){ $t->id();
            $t->string('name');
            $t->string('s50',50)->nullable();
            $t->char('ch',4)->nullable();
            $t->text('tx')->nullable();
            $t->mediumText('mt')->nullable();
            $t->longText('lt')->nullable();
            $t->tinyText('tt')->nullable();
            $t->integer('i')->default(0);
            $t->unsignedInteger('ui')->default(1);
            $t->bigInteger('bi')->nullable();
            $t->unsignedBigInteger('ubi')->nullable();
            $t->smallInteger('si')->nullable();
            $t->tinyInteger('ti')->nullable();
            $t->mediumInteger('mi')->nullable();
            $t->unsignedTinyInteger('uti')->nullable();
            $t->unsignedSmallInteger('usi')->nullable();
            $t->float('f')->nullable();
            $t->double('db')->nullable();
            $t->decimal('d')->nullable();
            $t->decimal('d2',10,3)->nullable();
            $t->boolean('b')->default(false);
            $t->boolean('bt')->default(true);
            $t->date('dt')->nullable();
            $t->dateTime('dtm')->nullable();
            $t->dateTimeTz('dtz')->nullable();
            $t->timestamp('ts')->nullable();
            $t->timestamp('tsc')->useCurrent();
            $t->timestampTz('tstz',3)->nullable();
            $t->time('tm')->nullable();
            $t->year('yr')->nullable();
            $t->binary('bin')->nullable();
            $t->json('j')->nullable();
            $t->jsonb('jb')->nullable();
            $t->uuid('u')->nullable();
            $t->ulid('ul')->nullable();
            $t->ipAddress('ip')->nullable();
            $t->macAddress('mac')->nullable();
            $t->enum('en',['a','b'])->default('a');
            $t->rememberToken();
            $t->foreignId('fid')->nullable();
            $t->morphs('able');
            $t->nullableMorphs('nable');
            $t->uuidMorphs('um');
            $t->softDeletes();
            $t->softDeletesTz('deltz');
            $t->timestamps();
            $t->string('u1')->unique();
            $t->string('ix')->index();
            $t->string('cm')->nullable()->comment("it's");
            $t->string('col')->collation('C')->nullable();
            $t->integer('g')->storedAs('i*2');
            $t->integer('gn')->generatedAs();
            $t->string('de')->default('x');
            $t->integer('dex')->default(new Illuminate\Database\Query\Expression('1+1'));
            $t->unique(['name','i']);
            $t->index(['name','f'],'myix');
            $t->comment('tc'); });
        // create fk
        Schema::create('posts',function($t){ $t->uuid('id')->primary();
            $t->foreignId('user_id')->constrained()->cascadeOnDelete();
            $t->foreignId('author_id')->nullable()->constrained('users')->nullOnDelete()->cascadeOnUpdate();
            $t->foreignIdFor(User::class,'uf')->nullable();
            $t->foreignUuid('fu')->nullable();
            $t->unsignedBigInteger('o_id');
            $t->foreign('o_id')->references('id')->on('users')->onDelete('cascade');
            $t->foreign('o_id','fkname')->references('id')->on('users')->deferrable()->initiallyImmediate(false);
            $t->timestampsTz();
            $t->bigInteger('x');
            $t->string('s'); });
        // increments variants
        Schema::create('i1',fn($t)=>$t->increments('id')); Schema::create('i2',fn($t)=>$t->bigIncrements('id')); Schema::create('i3',function($t){ $t->integer('a');
            $t->integer('b');
            $t->primary(['a','b']); }); Schema::create('i4',function($t){ $t->string('k')->primary();
            $t->timestamps(3); });
        // add columns
        Schema::table('posts',function($t){ $t->string('a1')->nullable()->after('x');
            $t->integer('a2')->default(5);
            $t->string('a3');
            $t->string('a4')->nullable()->unique();
            $t->foreignId('a5')->nullable()->constrained('users');
            $t->boolean('a6')->default(true)->index();
            $t->timestamp('a7')->useCurrent();
            $t->json('a8')->default('{}');
            $t->string('a9')->nullable()->comment('c'); });
        // indexes
        Schema::table('posts',function($t){ $t->index('s');
            $t->index(['s','x'],'nm','hash') ; });
        // indexes2
        Schema::table('posts',function($t){ $t->index(['s','x']);
            $t->unique('x');
            $t->unique(['x','s'],'uqn');
            $t->fullText('s');
            $t->rawIndex('lower(s)','rawi');
            $t->index('x','btx','btree'); });
        // index concurrent (L12+) online()
        Schema::table('posts',function($t){ $t->index('a1')->online(); });
        // index nullsNotDistinct / deferrable unique
        Schema::table('posts',function($t){ $t->unique('a2','und')->nullsNotDistinct();
            $t->unique('a3','ud')->deferrable(); });
        // change
        Schema::table('posts',function($t){ $t->string('a1',50)->nullable()->change();
            $t->text('a2x')->nullable(); });
        // change2 (drop nullable, default)
        Schema::table('posts',function($t){ $t->string('a3',100)->change();
            $t->bigInteger('a2')->default(7)->change();
            $t->text('s')->nullable()->change(); });
        // change3 nullable false
        Schema::table('posts',function($t){ $t->string('a1')->nullable(false)->default('q')->comment('cc')->change();
            $t->boolean('a6')->nullable()->change(); });
        // rename/drop
        Schema::table('posts',function($t){ $t->renameColumn('s','ss');
            $t->renameIndex('btx','btx2');
            $t->dropColumn('a7');
            $t->dropColumn(['a8','a9']);
            $t->dropIndex(['s','x']);
            $t->dropIndex('rawi');
            $t->dropUnique(['x']);
            $t->dropUnique('uqn');
            $t->dropForeign(['user_id']);
            $t->dropForeign('fkname');
            $t->dropPrimary();
            $t->dropTimestamps(); });
        // drops2
        Schema::table('users',function($t){ $t->dropSoftDeletes();
            $t->dropMorphs('able');
            $t->dropRememberToken(); });
        // dropConstrainedForeignId
        Schema::table('posts',function($t){ $t->dropConstrainedForeignId('author_id'); });
        // mixed order
        Schema::table('i3',function($t){ $t->dropColumn('b');
            $t->string('c')->nullable()->index();
            $t->renameColumn('a','aa');
            $t->integer('d')->nullable();
            $t->index('d'); });
        // rename/drop table
        Schema::rename('i1','i11'); Schema::drop('i11'); Schema::dropIfExists('i2'); Schema::hasTable('users'); Schema::hasColumn('users','name'); Schema::disableForeignKeyConstraints(); Schema::enableForeignKeyConstraints();
        // raw
        DB::statement('select 1'); DB::unprepared('select 1; select 2'); DB::table('users')->where('id',1)->update(['name'=>'x']);
        // temporary, prefix, tablename schema
        Schema::create('public.sx',function($t){ $t->id();
            $t->string('a')->index(); }); Schema::create('tmp',function($t){ $t->temporary();
            $t->id(); });
        // long names
        Schema::create('a_very_long_table_name_for_testing_purposes',function($t){ $t->id();
            $t->string('quite_long_column_name_one');
            $t->index(['quite_long_column_name_one','id']); });
    }
};
