// Runs an ONNX model once for each line on standard input, and answers with the
// milliseconds it took: node peer.js PACKAGE MODEL INPUT OUTPUT THREADS SHAPE...
const fs = require("fs");
const path = require("path");
const readline = require("readline");

const [folder, model, input, output, threads, ...shape] = process.argv.slice(2);
const ort = require(path.resolve(folder));

async function main() {
  const session = await ort.InferenceSession.create(model, { executionProviders: ["cpu"], intraOpNumThreads: Number(threads) });
  const raw = fs.readFileSync(input);
  const values = new Float32Array(raw.buffer, raw.byteOffset, raw.length / 4);
  const feeds = { [session.inputNames[0]]: new ort.Tensor("float32", values, shape.map(Number)) };
  let first = true;
  for await (const _ of readline.createInterface({ input: process.stdin })) {
    const start = process.hrtime.bigint();
    const results = await session.run(feeds);
    const took = Number(process.hrtime.bigint() - start) / 1e6;
    if (first) {
      const y = results[session.outputNames[0]].data;
      fs.writeFileSync(output, Buffer.from(y.buffer, y.byteOffset, y.byteLength));
      first = false;
    }
    console.log(took);
  }
}

main().catch((e) => {
  console.error(e);
  process.exit(1);
});
