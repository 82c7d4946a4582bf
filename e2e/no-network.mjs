// node --import e2e/no-network.mjs: every connection that leaves this machine fails.
import { Socket } from "node:net";

const LOCAL = new Set(["localhost", "127.0.0.1", "::1", undefined]);
const connect = Socket.prototype.connect;

/** @param {any[]} args as net.Socket.connect takes them, or already normalised by net.connect */
Socket.prototype.connect = function connectLocally(...args) {
  const [first] = args.flat();
  const host = typeof first === "object" && first !== null ? first.host : args[1];
  if (!LOCAL.has(host)) {
    process.nextTick(() =>
      this.destroy(new Error(`the network is off, and ${host} was asked for`)),
    );
    return this;
  }
  return Reflect.apply(connect, this, args);
};
