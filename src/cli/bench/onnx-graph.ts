import { bytesField, floatField, integerField, message, textField } from "./protobuf";

const DATA_TYPE = { float32: 1, int32: 6, int64: 7 } as const;
const ATTRIBUTE_TYPE = { float: 1, integer: 2, integers: 7 } as const;

type Attribute = number | { readonly float: number } | readonly number[];

function attributeMessage(name: string, value: Attribute): Uint8Array {
  const named = textField(1, name);
  if (typeof value === "number") {
    return message(named, integerField(3, value), integerField(20, ATTRIBUTE_TYPE.integer));
  }
  if ("float" in value) {
    return message(named, floatField(2, value.float), integerField(20, ATTRIBUTE_TYPE.float));
  }
  const integers = value.map((item) => integerField(8, item));
  return message(named, ...integers, integerField(20, ATTRIBUTE_TYPE.integers));
}

function valueMessage(name: string, type: keyof typeof DATA_TYPE, shape: readonly number[]) {
  const dimensions = shape.map((size) => bytesField(1, integerField(1, size)));
  const tensor = message(integerField(1, DATA_TYPE[type]), bytesField(2, message(...dimensions)));
  return message(textField(1, name), bytesField(2, bytesField(1, tensor)));
}

const TYPE_OF = { Float32Array: "float32", Int32Array: "int32", BigInt64Array: "int64" } as const;
type Values = Float32Array | Int32Array | BigInt64Array;

/** Collects nodes and constants of one ONNX graph (operator set 17); values go by name. */
export class OnnxGraph {
  readonly #fields: Uint8Array[] = [];
  #count = 0;

  /** A constant; returns its name. */
  constant(values: Values, shape: readonly number[]): string {
    const name = this.#newName("constant");
    const type = TYPE_OF[values.constructor.name as keyof typeof TYPE_OF];
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const dimensions = shape.map((size) => integerField(1, size));
    const tensor = [integerField(2, DATA_TYPE[type]), textField(8, name), bytesField(9, bytes)];
    this.#fields.push(bytesField(5, message(...dimensions, ...tensor)));
    return name;
  }

  scalar(value: number): string {
    return this.constant(Float32Array.of(value), []);
  }

  /** A node with one output; returns the output's name. */
  node(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    output = this.#newName(operator),
  ): string {
    const fields = [
      ...inputs.map((input) => textField(1, input)),
      textField(2, output),
      textField(3, output),
      textField(4, operator),
      ...Object.entries(attributes).map(([name, value]) =>
        bytesField(5, attributeMessage(name, value)),
      ),
    ];
    this.#fields.push(bytesField(1, message(...fields)));
    return output;
  }

  reshape(input: string, shape: readonly number[]): string {
    const sizes = this.constant(BigInt64Array.from(shape, BigInt), [shape.length]);
    return this.node("Reshape", [input, sizes]);
  }

  input(name: string, type: keyof typeof DATA_TYPE, shape: readonly number[]): void {
    this.#fields.push(bytesField(11, valueMessage(name, type, shape)));
  }

  output(name: string, shape: readonly number[]): void {
    this.#fields.push(bytesField(12, valueMessage(name, "float32", shape)));
  }

  /** The bytes of an .onnx file. */
  toBytes(): Uint8Array {
    const graph = message(textField(2, "bert"), ...this.#fields);
    const operators = message(textField(1, ""), integerField(2, 17));
    return message(
      integerField(1, 8), // version of the file format
      textField(2, "footfall"),
      bytesField(7, graph),
      bytesField(8, operators),
    );
  }

  #newName(kind: string): string {
    this.#count++;
    return `${kind}-${this.#count}`;
  }
}
