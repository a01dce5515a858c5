// Hands over what passes through it, 128 samples at a time.
registerProcessor("tap", class extends AudioWorkletProcessor {
  process([[samples]]) {
    this.port.postMessage(samples ? samples.slice() : new Float32Array(128));
    return true;
  }
});
