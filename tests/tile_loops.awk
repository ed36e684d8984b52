# objdump -dC --no-show-raw-insn kernels_float32.cpp.o | awk -v registers=1 -v tile_vecs=24 -f tile_loops.awk
#
# Fails where a tile of a SIMD backend is not what it was written to be: accumulators that a compiler keeps in memory cost
# wide products two thirds of their speed, and no test of values sees it. A tile loop is an innermost loop with FMAs in one
# of the functions that hold nothing else: row_block<Vec, rows>, hidden_rows<Vec, rows, vecs>, sample_tile<Vec, rows,
# columns>. It may neither touch the stack nor store a register, and has the FMAs of a tile. `registers` are those of a
# Vec, `tile_vecs` the accumulators of a product's tile in Vecs, both as in the backend's vec.h. Reads x86-64 and aarch64,
# as GNU's and LLVM's objdump write them.
function fail(text) {
  print function_name ": " text
  failed = 1
}

function is_stack(text) {
  return text ~ /\(%rsp/ || (has_frame && text ~ /\(%rbp/) || text ~ /\[(sp|x29)/
}
function is_store(text) { return text ~ /^vmov[a-z0-9]+[ \t]+%[xyz]mm[0-9]+,.*\(/ || text ~ /^st[rp][ \t]+q/ }

# Whether a backward jump's loop [from, to] has no other within.
function is_innermost(from, to, j) {
  for (j = from; j < to; ++j) {
    if (j in target && target[j] >= from && target[j] <= j) return 0
  }
  return 1
}

# Whether the jump at `to` closes a loop that begins at `from`. Code that was moved out of the way comes back by `jmp`:
# only a condition closes a loop, or a `jmp` behind which a condition within leaves it (Clang; nops may follow).
function closes(from, to, j) {
  if (text[to] !~ /^jmp/) return 1
  for (j = from; j < to; ++j) {
    if (j in target && target[j] > to && target[j] <= to + 4) return 1
  }
  return 0
}

function check_loop(from, to, i, fma, masked, branches, neon) {
  fma = masked = branches = neon = 0
  for (i = from; i <= to; ++i) {
    if (text[i] ~ /^(vfmadd|fmla)/) ++fma
    if (text[i] ~ /^fmla/) neon = 1
    if (text[i] ~ /^vmaskmov/) masked = 1
    if (i < to && text[i] ~ /^(b\.|cbn?z|tbn?z)/) branches = 1
    if (text[i] ~ /^ret/) return  # the end of the function, which is in no loop
  }
  if (fma < 2) return
  # NEON: a branch for each register that may be partial, and the end of such a row, which jumps back and is no loop.
  if (branches || (neon && fma < unit)) { ++ends; return }
  ++loops
  if (fma > most) most = fma
  # The tile at the end of a row, AVX2: 12 sums, a Vec, its two masks and a broadcast are 17 registers.
  if (masked) return
  for (i = from; i <= to; ++i) {
    if (is_stack(text[i])) fail("a loop of " fma " FMAs touches the stack: " text[i])
    else if (is_store(text[i])) fail("a loop of " fma " FMAs stores: " text[i])
  }
  if (fma % unit != 0) fail("a loop of " fma " FMAs, not a multiple of " unit)
}

function end_of_function(i) {
  if (unit == 0) return
  for (i = 1; i <= count; ++i) if (jump[i] in line) target[i] = line[jump[i]]
  loops = most = ends = 0
  for (i = 1; i <= count; ++i) {
    if (i in target && target[i] <= i && closes(target[i], i) && is_innermost(target[i], i)) check_loop(target[i], i)
  }
  if (loops == 0 && ends == 0) fail("no tile loop was found")
  else if (loops > 0 && most % whole != 0) fail("the longest loop has " most " FMAs, the tile " whole)
  ++functions
  all_loops += loops
}

/^[0-9a-f]+ <.*>:$/ {
  end_of_function()
  function_name = $0
  sub(/^[0-9a-f]+ </, "", function_name)
  unit = count = has_frame = 0
  split("", line); split("", text); split("", jump); split("", target)
  if (match(function_name, /(row_block|hidden_rows|sample_tile)<.*Vec<(float|double)>, [0-9]+/)) {
    rows = substr(function_name, RSTART, RLENGTH)
    kind = rows
    sub(/<.*/, "", kind)
    sub(/.*, /, "", rows)
    cols = substr(function_name, RSTART + RLENGTH)
    sub(/^, /, "", cols)
    if (kind == "row_block") {
      unit = rows * registers
      vecs = int(tile_vecs / rows)
      whole = unit * (vecs >= 4 ? 4 : tile_vecs - (registers > 1) >= 2 * rows ? 2 : 1)
    } else {
      unit = whole = rows * int(cols) * (kind == "hidden_rows" ? registers : 1)
    }
    if (unit < 2) unit = 0
  }
  next
}

unit > 0 && /^ +[0-9a-f]+:[ \t]/ {
  ++count
  address = $1
  sub(/:/, "", address)
  line[address] = count
  sub(/^ +[0-9a-f]+:[ \t]+/, "")
  text[count] = $0
  if ($0 ~ /^movq?[ \t]+%rsp, ?%rbp/) has_frame = 1
  jump[count] = $1 ~ /^j/ || $1 ~ /^b\./ ? $2 : $1 ~ /^cbn?z/ ? $3 : $1 ~ /^tbn?z/ ? $4 : ""
  sub(/^0x/, "", jump[count])
}

END {
  end_of_function()
  if (functions == 0) { print "no tile was found, so nothing was checked"; failed = 1 }
  print functions " functions, " all_loops " tile loops"
  exit failed
}
