/** Names of the fused kernels of training; an engine that registers one gets it, the others compose tfjs operations. */
export const TRAINING = {
  embed: "FootfallEmbed",
  embedGradient: "FootfallEmbedGradient",
  norm: "FootfallKeepNorm",
  normGradient: "FootfallNormGradient",
  dense: "FootfallDense",
  denseGradient: "FootfallDenseGradient",
  attentionGradient: "FootfallAttentionGradient",
  causalAttentionGradient: "FootfallCausalAttentionGradient",
  droppedAttention: "FootfallDroppedAttention",
  droppedAttentionGradient: "FootfallDroppedAttentionGradient",
  geluGradient: "FootfallGeluGradient",
  putRows: "FootfallPutRows",
  vocabulary: "FootfallVocabulary",
  dropout: "FootfallDropout",
  squares: "FootfallSquares",
  adamw: "FootfallAdamW",
} as const;
