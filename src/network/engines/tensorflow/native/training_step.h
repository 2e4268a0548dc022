// A training step of a network of ReLUs without biases: forward, cross-entropy, backward, Adam.

#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "multiply.h"

namespace prunebound {

// A layer without bias: its weights (outputs x inputs) with their moments, and its outputs for the batch.
struct Layer {
  int64_t outputs, inputs;
  Adam adam;
  float* activations;
};

inline int64_t mostOutputs(const std::vector<Layer>& layers) {
  int64_t most = 0;
  for (const Layer& layer : layers) most = std::max(most, layer.outputs);
  return most;
}

inline void goForward(const std::vector<Layer>& layers, const float* images, int64_t examples, Team& team) {
  const float* entering = images;
  for (const Layer& layer : layers) {
    const bool relu = &layer != &layers.back();
    const float* weights = layer.adam.parameter;
    multiply({false, true, examples, layer.outputs, layer.inputs, entering, weights, layer.activations, relu}, team);
    entering = layer.activations;
  }
}

// `gradient` is the one at the last outputs, in one of two buffers that are large enough for all layers.
inline void goBack(const std::vector<Layer>& layers, const float* images, int64_t examples, float* gradient, float* other,
                   Team& team) {
  for (size_t l = layers.size(); l-- > 1;) {
    const Layer& layer = layers[l];
    Product product{false, false, examples, layer.inputs, layer.outputs, gradient, layer.adam.parameter, other};
    product.features = layers[l - 1].activations;
    multiplyAndLearn(product, layer.adam, team);
    std::swap(gradient, other);
  }
  const Layer& first = layers.front();
  multiplyForAdam({true, false, first.outputs, first.inputs, examples, gradient, images, nullptr}, first.adam, team);
}

// Writes the gradient of the cross-entropy of one example's logits, softmax - one-hot, times a scale; returns the loss.
inline float crossEntropy(const float* logits, int64_t classes, int64_t label, float scale, float* gradient) {
  const float largest = *std::max_element(logits, logits + classes);
  float sum = 0;
  for (int64_t k = 0; k < classes; k++) sum += gradient[k] = std::exp(logits[k] - largest);
  for (int64_t k = 0; k < classes; k++) gradient[k] = (gradient[k] / sum - (k == label)) * scale;
  return std::log(sum) - (logits[label] - largest);
}

// Adds a batch's losses and errors to their sums; writes the gradient of the mean loss. False where a label has no logit.
inline bool addLosses(const float* logits, const int32_t* labels, int64_t examples, int64_t classes, float* sums,
                      float* gradient) {
  for (int64_t i = 0; i < examples; i++) {
    if (labels[i] < 0 || labels[i] >= classes) return false;
    const float* row = logits + i * classes;
    sums[0] += crossEntropy(row, classes, labels[i], 1.0f / examples, gradient + i * classes);
    sums[1] += std::max_element(row, row + classes) - row != labels[i];
  }
  return true;
}

}  // namespace prunebound
