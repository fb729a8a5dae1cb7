<?php
use Illuminate\Database\Migrations\Migration;
use Illuminate\Database\Schema\Blueprint;
use Illuminate\Support\Facades\DB;
use Illuminate\Support\Facades\Schema;
return new class extends Migration {
  public function up(): void {
    DB::table('a')->where('x', 1)->whereNull('y')->orWhere('z', '>', 2)->whereIn('q', [1, 2])->update(['m' => 1, 'n' => DB::raw('n + 1')]);
    DB::table('a')->insert([['x' => 1, 'a' => 2], ['x' => 3, 'a' => null]]);
    DB::table('a')->where('name', 'like', 'x%')->delete();
    DB::table('a')->where(['p' => 1, 'q' => null])->whereNotNull('z')->update(['p' => null]);
  }
};
