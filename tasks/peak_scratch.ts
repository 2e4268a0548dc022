import { main } from "assemblyscript/asc";
function kernel(name: string, R: number, V: number, U: number, S: number) {
  const rs = [...Array(R).keys()], vs = [...Array(V).keys()];
  const W = S ? 4 * Math.ceil(R / 4) : R;
  let body = "";
  for (let u = 0; u < U; u++) {
    body += vs.map((v) => `${u ? "" : "let "}b${v}=v128.load(b,${u * V * 16 + v * 16});`).join("") + "\n";
    if (S) {
      for (let q = 0; q < W / 4; q++) body += `${u ? "" : "let "}a${q}=v128.load(a,${u * W * 4 + q * 16});`;
    }
    body += rs.map((r) =>
      `${u || r ? "" : "let "}f=${
        S
          ? `v128.shuffle<f32>(a${r >> 2},a${r >> 2},${r & 3},${r & 3},${r & 3},${r & 3})`
          : `v128.load_splat<f32>(a,${u * W * 4 + r * 4})`
      };` + vs.map((v) =>
        `s${r}${v}=f32x4.add(s${r}${v},f32x4.mul(f,b${v}));`
      ).join("")
    ).join("\n") + "\n";
  }
  return `export function ${name}(a:usize,b:usize,c:usize,stride:usize,depth:i32):void{
${
    rs.map((r) =>
      `const c${r}=c+${r}*stride;` + vs.map((v) => `let s${r}${v}=v128.load(c${r},${16 * v});`).join("")
    ).join("\n")
  }
for(const end=a+<usize>depth*${4 * W};a<end;a+=${4 * W * U},b+=${16 * V * U}){
${body}}
${rs.map((r) => vs.map((v) => `v128.store(c${r},s${r}${v},${16 * v});`).join("")).join("\n")}
}\n`;
}
const variants: number[][] = JSON.parse(Deno.args[0]);
const src = variants.map(([r, v, u, s]) => kernel(`k${r}x${v * 4}u${u}s${s}`, r, v, u, s)).join("");
let out: any;
const e = await main([
  "m.ts",
  "--outFile",
  "m.wasm",
  "--runtime",
  "stub",
  "--enable",
  "simd",
  "--optimizeLevel=3",
  "--converge",
  "--importMemory",
  "--initialMemory=" + Deno.args[1],
], {
  readFile: (n: string) => n === "m.ts" ? src : null,
  writeFile: (n: string, c: any) => {
    if (n == "m.wasm") out = c;
  },
  listFiles: () => [],
} as any);
if (e.error) console.log(String(e.stderr));
const memory = new WebAssembly.Memory({ initial: 100 });
const { instance } = await WebAssembly.instantiate(out, { env: { memory, abort() {} } });
const x = instance.exports as any;
new Float32Array(memory.buffer).fill(0.001);
for (let rep = 0; rep < 2; rep++) {
  for (const [r, v, u, s] of variants) {
    const n = `k${r}x${v * 4}u${u}s${s}`;
    const f = x[n];
    const D = 256, N = 3000;
    let best = 1e9;
    for (let i = 0; i < 14; i++) {
      const s = performance.now();
      for (let j = 0; j < N; j++) f(1024, 32768, 131072, v * 16, D);
      const t = performance.now() - s;
      if (t < best) best = t;
    }
    if (rep) console.log(n, (2 * r * v * 4 * D * N / best / 1e6).toFixed(1));
  }
}
