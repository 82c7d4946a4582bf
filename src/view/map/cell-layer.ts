import { Layer, project32 } from "@deck.gl/core";
import type { LayerContext, LayerProps, UpdateParameters } from "@deck.gl/core";
import { Buffer } from "@luma.gl/core";
import type { RenderPass } from "@luma.gl/core";
import { Model } from "@luma.gl/engine";
import { spreadColors } from "./cell-geometry";
import type { CellGeometry } from "./cell-geometry";

/** What a cell layer draws: one set of triangles, in each view with the view's own colours. */
export interface CellLayerProps extends LayerProps {
  geometry: CellGeometry;
  /** Colour of each cell per view id, RGBA 0 to 255. [N, 4] */
  colors: Readonly<Record<string, Uint8Array>>;
}

type CellLayerState = {
  model: Model;
  positions: Buffer;
  indices: Buffer;
  colors: Map<string, Buffer>;
};

const VERTEX_SHADER = `#version 300 es
#define SHADER_NAME cell-layer-vertex
in vec2 positions;
in vec2 positionsLow;
in vec4 colors;
out vec4 vColor;
void main(void) {
  gl_Position = project_position_to_clipspace(vec3(positions, 0.0), vec3(positionsLow, 0.0), vec3(0.0));
  vColor = vec4(colors.rgb, colors.a * layer.opacity);
}
`;

const FRAGMENT_SHADER = `#version 300 es
#define SHADER_NAME cell-layer-fragment
precision highp float;
in vec4 vColor;
out vec4 fragColor;
void main(void) {
  fragColor = vColor;
}
`;

/**
 * Cells of one table in all views of a figure. The positions go to the GPU once and are shared by the views;
 * a change of colours writes one byte buffer. Nothing is picked on the GPU: see `cellAt`.
 */
export class CellLayer extends Layer<CellLayerProps> {
  static override layerName = "CellLayer";
  static override defaultProps = {
    geometry: { type: "object", value: null },
    colors: { type: "object", value: {} },
  };

  declare state: CellLayerState;

  override getShaders(): { vs: string; fs: string } {
    return super.getShaders({ vs: VERTEX_SHADER, fs: FRAGMENT_SHADER, modules: [project32] });
  }

  override initializeState({ device }: LayerContext): void {
    const { geometry } = this.props;
    const positions = device.createBuffer({ id: "cell-positions", data: geometry.positions });
    const indices = device.createBuffer({
      id: "cell-indices",
      usage: Buffer.INDEX | Buffer.COPY_DST,
      indexType: "uint32",
      data: geometry.indices,
    });
    const model = new Model(device, {
      ...this.getShaders(),
      id: this.props.id,
      topology: "triangle-list",
      bufferLayout: [
        {
          name: "vertices",
          byteStride: 16,
          attributes: [
            { attribute: "positions", format: "float32x2", byteOffset: 0 },
            { attribute: "positionsLow", format: "float32x2", byteOffset: 8 },
          ],
        },
        { name: "colors", format: "unorm8x4" },
      ],
      attributes: { vertices: positions },
      indexBuffer: indices,
      vertexCount: geometry.indices.length,
    });
    this.setState({ model, positions, indices, colors: new Map<string, Buffer>() });
  }

  override updateState(parameters: UpdateParameters<Layer<CellLayerProps>>): void {
    super.updateState(parameters);
    const { props, oldProps } = parameters;
    for (const [view, colors] of Object.entries(props.colors)) {
      if (oldProps.colors?.[view] !== colors) this.#writeColors(view, colors);
    }
  }

  override draw({ renderPass }: { renderPass: RenderPass }): void {
    const colors = this.state.colors.get(this.context.viewport.id);
    if (!colors) return;
    this.state.model.setAttributes({ colors });
    this.state.model.draw(renderPass);
  }

  override finalizeState(context: LayerContext): void {
    super.finalizeState(context); // destroys the model
    this.state.positions.destroy();
    this.state.indices.destroy();
    for (const buffer of this.state.colors.values()) buffer.destroy();
  }

  #writeColors(view: string, colors: Uint8Array): void {
    const data = spreadColors(colors, this.props.geometry.starts);
    const known = this.state.colors.get(view);
    if (known) known.write(data);
    else
      this.state.colors.set(view, this.context.device.createBuffer({ id: `colors-${view}`, data }));
    this.setNeedsRedraw();
  }
}
