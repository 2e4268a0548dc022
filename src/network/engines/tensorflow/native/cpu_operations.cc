// A training step as operations of TensorFlow on the CPU: products, ReLU, its gradient, the loss and Adam.
//
// They are TensorFlow's own MatMul, Relu, ReluGrad and ApplyAdam, for single precision, or one of those and what comes
// next; and a whole step of a network of ReLUs. Adam's operands are plain tensors that it changes in place. All share
// their work among threads that stay awake between operations. The addon registers them with TensorFlow when it is loaded.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <new>
#include <vector>

#include "training_step.h"
#include "tensorflow/c/kernels.h"
#include "tensorflow/c/ops.h"
#include "tensorflow/c/tf_status.h"
#include "tensorflow/c/tf_tensor.h"

namespace prunebound {
namespace {

// A call of an operation: its context, its status and what is to be freed at its end.
class Call {
 public:
  explicit Call(TF_OpKernelContext* context) : context_(context), status_(TF_NewStatus()) {}
  ~Call() {
    for (TF_Tensor* tensor : tensors_) TF_DeleteTensor(tensor);
    TF_DeleteStatus(status_);
  }

  TF_Tensor* input(int index) {
    TF_Tensor* tensor = nullptr;
    TF_GetInput(context_, index, &tensor, status_);
    return held(tensor);
  }

  float* output(const int64_t* shape, int rank, int index = 0) {
    int64_t count = 1;
    for (int axis = 0; axis < rank; axis++) count *= shape[axis];
    const size_t bytes = count * sizeof(float);
    TF_Tensor* tensor = held(TF_AllocateOutput(context_, index, TF_FLOAT, shape, rank, bytes, status_));
    return failed() ? nullptr : static_cast<float*>(TF_TensorData(tensor));
  }

  // Whether anything went wrong, which TensorFlow then hears of.
  bool failed() {
    if (TF_GetCode(status_) == TF_OK) return false;
    TF_OpKernelContext_Failure(context_, status_);
    return true;
  }

  bool require(bool condition, const char* sentence) {
    if (!condition) TF_SetStatus(status_, TF_INVALID_ARGUMENT, sentence);
    return !failed();
  }

 private:
  TF_Tensor* held(TF_Tensor* tensor) {
    if (tensor) tensors_.push_back(tensor);
    return tensor;
  }

  const FlushDenormals flush_;
  TF_OpKernelContext* context_;
  TF_Status* status_;
  std::vector<TF_Tensor*> tensors_;
};

const float* data(const TF_Tensor* tensor) { return static_cast<const float*>(TF_TensorData(tensor)); }

// ---- Products

// What a product's operation is created with.
struct ProductAttributes {
  bool transposedA, transposedB, relu;
};

bool attribute(TF_OpKernelConstruction* construction, const char* name, TF_Status* status) {
  unsigned char value = 0;
  if (TF_GetCode(status) == TF_OK) TF_OpKernelConstruction_GetAttrBool(construction, name, &value, status);
  return value != 0;
}

void* createProduct(TF_OpKernelConstruction* construction) {
  TF_Status* status = TF_NewStatus();
  const bool a = attribute(construction, "transpose_a", status), b = attribute(construction, "transpose_b", status);
  const bool relu = attribute(construction, "relu", status);
  if (TF_GetCode(status) != TF_OK) TF_OpKernelConstruction_Failure(construction, status);
  TF_DeleteStatus(status);
  return new ProductAttributes{a, b, relu};
}

void deleteProduct(void* kernel) { delete static_cast<ProductAttributes*>(kernel); }

// The product of the inputs `first` and the next, without a result; no rows if they do not fit.
Product productOf(Call& call, int first, const ProductAttributes& attributes) {
  const auto [transposedA, transposedB, relu] = attributes;
  const TF_Tensor *a = call.input(first), *b = call.input(first + 1);
  if (call.failed()) return {};
  const bool areMatrices = TF_NumDims(a) == 2 && TF_NumDims(b) == 2;
  if (!call.require(areMatrices, "Cannot multiply: both operands must be matrices")) return {};
  const int64_t inner = TF_Dim(a, !transposedA);
  if (!call.require(TF_Dim(b, transposedB) == inner, "Cannot multiply: inner dimensions must be equal")) return {};
  return {transposedA, transposedB, TF_Dim(a, transposedA), TF_Dim(b, !transposedB), inner, data(a), data(b), nullptr, relu};
}

bool isEmpty(const Product& product) { return product.rows * product.columns * product.inner == 0; }

// Computes a product into the operation's output.
void computeInto(Call& call, Product product) {
  const int64_t shape[] = {product.rows, product.columns};
  product.result = call.output(shape, 2);
  if (!product.result) return;
  if (isEmpty(product)) {
    std::fill_n(product.result, product.rows * product.columns, 0.0f);
  } else {
    multiply(product, Team::ofThisThread());
  }
}

void computeProduct(void* kernel, TF_OpKernelContext* context) {
  Call call(context);
  const Product product = productOf(call, 0, *static_cast<const ProductAttributes*>(kernel));
  if (!call.failed()) computeInto(call, product);
}

// The product of the first two inputs, where the third, the output of a ReLU, is positive.
void computeMaskedProduct(void* kernel, TF_OpKernelContext* context) {
  Call call(context);
  Product product = productOf(call, 0, *static_cast<const ProductAttributes*>(kernel));
  if (call.failed()) return;
  const TF_Tensor* features = call.input(2);
  if (call.failed()) return;
  const bool fit = TF_TensorElementCount(features) == product.rows * product.columns;
  if (!call.require(fit, "Cannot pass the gradient on: there must be as many features as gradients")) return;
  product.features = data(features);
  computeInto(call, product);
}

// ---- Relu and ReluGrad

FOR_EACH_PROCESSOR void reluOfRange(const float* features, float* activations, Range range) {
  for (int64_t i = range.begin; i < range.end; i++) activations[i] = features[i] < 0 ? 0 : features[i];
}

FOR_EACH_PROCESSOR void reluGradOfRange(const float* gradients, const float* features, float* backprops, Range range) {
  for (int64_t i = range.begin; i < range.end; i++) backprops[i] = features[i] > 0 ? gradients[i] : 0;
}

float* outputLike(Call& call, const TF_Tensor* tensor) {
  int64_t shape[8];
  const int rank = TF_NumDims(tensor);
  if (!call.require(rank <= 8, "Cannot compute: at most eight dimensions are known")) return nullptr;
  for (int axis = 0; axis < rank; axis++) shape[axis] = TF_Dim(tensor, axis);
  return call.output(shape, rank);
}

void relu(void*, TF_OpKernelContext* context) {
  Call call(context);
  const TF_Tensor* features = call.input(0);
  if (call.failed()) return;
  float* activations = outputLike(call, features);
  if (!activations) return;
  const auto pass = [&](Range range) { reluOfRange(data(features), activations, range); };
  Team::ofThisThread().share(TF_TensorElementCount(features), kPassBlock, pass);
}

void reluGrad(void*, TF_OpKernelContext* context) {
  Call call(context);
  const TF_Tensor *gradients = call.input(0), *features = call.input(1);
  if (call.failed()) return;
  const int64_t count = TF_TensorElementCount(features);
  const bool fit = TF_TensorElementCount(gradients) == count;
  if (!call.require(fit, "Cannot pass the gradient on: there must be as many features as gradients")) return;
  float* backprops = outputLike(call, features);
  if (!backprops) return;
  const auto pass = [&](Range range) { reluGradOfRange(data(gradients), data(features), backprops, range); };
  Team::ofThisThread().share(count, kPassBlock, pass);
}

// ---- Adam

// The inputs that Adam has: parameter, m, v and the settings, which are the rate with the bias correction, beta1, beta2
// and epsilon.
constexpr int kAdamInputs = 4;

// Adam from its inputs, which it changes in place.
Adam adamOf(Call& call, int64_t count) {
  float* state[3];
  for (int i = 0; i < 3; i++) {
    const TF_Tensor* tensor = call.input(i);
    if (call.failed()) return {};
    const bool fits = TF_TensorElementCount(tensor) == count;
    if (!call.require(fits, "Cannot apply Adam: parameter, moments and gradient must be of one size")) return {};
    state[i] = const_cast<float*>(data(tensor));
  }
  const TF_Tensor* settings = call.input(3);
  if (call.failed()) return {};
  if (!call.require(TF_TensorElementCount(settings) == 4, "Cannot apply Adam: it has four settings")) return {};
  const float* values = data(settings);
  return {values[0], values[1], values[2], values[3], state[0], state[1], state[2]};
}

void computeAdam(void*, TF_OpKernelContext* context) {
  Call call(context);
  const TF_Tensor* gradient = call.input(kAdamInputs);
  if (call.failed()) return;
  const int64_t count = TF_TensorElementCount(gradient);
  const Adam adam = adamOf(call, count);
  if (!call.failed()) applyAdam(adam, data(gradient), count, Team::ofThisThread());
}

// The gradient is the product of the last two inputs.
void computeAdamOfProduct(void* kernel, TF_OpKernelContext* context) {
  Call call(context);
  const Product product = productOf(call, kAdamInputs, *static_cast<const ProductAttributes*>(kernel));
  if (call.failed()) return;
  const Adam adam = adamOf(call, product.rows * product.columns);
  const bool isGradient = !call.failed() && call.require(!isEmpty(product), "Cannot apply Adam: the gradient is empty");
  if (isGradient) multiplyForAdam(product, adam, Team::ofThisThread());
}

// ---- A training step

// The inputs of a step before its lists of weights, first and second moments.
enum StepInput { kImages, kLabels, kLossSum, kErrorSum, kSettings, kFirstWeights };

// The layers of a step, with memory for their outputs; none where they do not fit.
std::vector<Layer> layersOf(Call& call, int64_t count, int64_t examples, int64_t inputs, const float* settings) {
  static thread_local std::vector<Scratch<float>> memory;
  if (static_cast<int64_t>(memory.size()) < count) memory.resize(count);
  std::vector<Layer> layers;
  for (int64_t l = 0; l < count; l++) {
    float* state[3];
    const TF_Tensor* weights = call.input(kFirstWeights + l);
    for (int part = 0; part < 3; part++) {
      const TF_Tensor* tensor = call.input(kFirstWeights + part * count + l);
      if (call.failed()) return {};
      const bool fits = TF_NumDims(tensor) == 2 && TF_Dim(tensor, 1) == inputs && TF_Dim(tensor, 0) > 0 &&
                        TF_Dim(tensor, 0) == TF_Dim(weights, 0);
      if (!call.require(fits, "Cannot train: a layer must have as many inputs as the one before has outputs")) return {};
      state[part] = const_cast<float*>(data(tensor));
    }
    const int64_t outputs = TF_Dim(weights, 0);
    const Adam adam{settings[0], settings[1], settings[2], settings[3], state[0], state[1], state[2]};
    layers.push_back({outputs, inputs, adam, memory[l].have(examples * outputs)});
    inputs = outputs;
  }
  return layers;
}

// A step of Adam on the mean cross-entropy of a batch, for a network of ReLUs without biases; the sums of losses and errors.
void computeTrainingStep(void*, TF_OpKernelContext* context) {
  static thread_local Scratch<float> buffers[2];
  Call call(context);
  const int64_t count = (TF_NumInputs(context) - kFirstWeights) / 3;
  const TF_Tensor *images = call.input(kImages), *labels = call.input(kLabels), *settings = call.input(kSettings);
  const TF_Tensor *lossSum = call.input(kLossSum), *errorSum = call.input(kErrorSum);
  if (call.failed()) return;
  const int64_t examples = TF_TensorElementCount(labels);
  const bool fit = TF_NumDims(images) == 2 && TF_Dim(images, 0) == examples && examples * TF_Dim(images, 1) > 0;
  if (!call.require(fit, "Cannot train: an image is needed for each label, and one at least")) return;
  if (!call.require(TF_TensorElementCount(settings) == 4, "Cannot train: Adam has four settings")) return;
  const std::vector<Layer> layers = layersOf(call, count, examples, TF_Dim(images, 1), data(settings));
  if (call.failed()) return;

  Team& team = Team::ofThisThread();
  goForward(layers, data(images), examples, team);
  float* gradient = buffers[0].have(examples * mostOutputs(layers));
  float sums[2] = {*data(lossSum), *data(errorSum)};
  const int32_t* classes = static_cast<const int32_t*>(TF_TensorData(labels));
  const bool exist = addLosses(layers.back().activations, classes, examples, layers.back().outputs, sums, gradient);
  if (!call.require(exist, "Cannot train: there are labels that the network has no output for")) return;
  goBack(layers, data(images), examples, gradient, buffers[1].have(examples * mostOutputs(layers)), team);
  for (int i = 0; i < 2; i++) {
    if (float* sum = call.output(nullptr, 0, i)) *sum = sums[i];
  }
}

// ---- Registration

struct Operation {
  const char* name;
  std::vector<const char*> inputs;
  std::vector<const char*> outputs;
  std::vector<const char*> attributes;
  void* (*create)(TF_OpKernelConstruction*);
  void (*compute)(void*, TF_OpKernelContext*);
  void (*remove)(void*);
  bool hasEffect;
};

// The same computation, which fails in a sentence where memory runs out.
template <void (*compute)(void*, TF_OpKernelContext*)>
void guarded(void* kernel, TF_OpKernelContext* context) {
  try {
    compute(kernel, context);
  } catch (const std::bad_alloc&) {
    TF_Status* status = TF_NewStatus();
    TF_SetStatus(status, TF_RESOURCE_EXHAUSTED, "Cannot compute: there is no memory for the operands in order");
    TF_OpKernelContext_Failure(context, status);
    TF_DeleteStatus(status);
  }
}

std::vector<const char*> adamInputs(std::initializer_list<const char*> gradient) {
  std::vector<const char*> inputs{"var: float", "m: float", "v: float", "settings: float"};
  inputs.insert(inputs.end(), gradient);
  return inputs;
}

std::vector<Operation> operations() {
  const std::vector<const char*> ofProducts{"transpose_a: bool = false", "transpose_b: bool = false", "relu: bool = false"};
  return {
      {"PruneboundMatMul", {"a: float", "b: float"}, {"product: float"}, ofProducts, createProduct,
       guarded<computeProduct>, deleteProduct, false},
      {"PruneboundMatMulReluGrad", {"a: float", "b: float", "features: float"}, {"backprops: float"}, ofProducts, createProduct,
       guarded<computeMaskedProduct>, deleteProduct, false},
      {"PruneboundRelu", {"features: float"}, {"activations: float"}, {}, nullptr, relu, nullptr, false},
      {"PruneboundReluGrad", {"gradients: float", "features: float"}, {"backprops: float"}, {}, nullptr, reluGrad, nullptr, false},
      {"PruneboundApplyAdam", adamInputs({"grad: float"}), {}, {}, nullptr, computeAdam, nullptr, true},
      {"PruneboundApplyAdamToMatMul", adamInputs({"a: float", "b: float"}), {}, ofProducts, createProduct,
       guarded<computeAdamOfProduct>, deleteProduct, true},
      {"PruneboundTrainingStep",
       {"images: float", "labels: int32", "loss_sum: float", "error_sum: float", "settings: float", "weights: layers * float",
        "first_moments: layers * float", "second_moments: layers * float"},
       {"losses: float", "errors: float"},
       {"layers: int >= 1"},
       nullptr,
       guarded<computeTrainingStep>,
       nullptr,
       true},
  };
}

void registerOperation(const Operation& operation, TF_Status* status) {
  TF_OpDefinitionBuilder* definition = TF_NewOpDefinitionBuilder(operation.name);
  for (const char* input : operation.inputs) TF_OpDefinitionBuilderAddInput(definition, input);
  for (const char* attribute : operation.attributes) TF_OpDefinitionBuilderAddAttr(definition, attribute);
  for (const char* output : operation.outputs) TF_OpDefinitionBuilderAddOutput(definition, output);
  TF_OpDefinitionBuilderSetIsStateful(definition, operation.hasEffect);
  TF_RegisterOpDefinition(definition, status);
  if (TF_GetCode(status) != TF_OK) return;
  TF_KernelBuilder* kernel =
      TF_NewKernelBuilder(operation.name, "CPU", operation.create, operation.compute, operation.remove);
  TF_RegisterKernelBuilder(operation.name, kernel, status);
}

const bool registered = [] {
  TF_Status* status = TF_NewStatus();
  for (const Operation& operation : operations()) {
    if (TF_GetCode(status) == TF_OK) registerOperation(operation, status);
  }
  const bool fine = TF_GetCode(status) == TF_OK;
  if (!fine) std::fprintf(stderr, "Cannot register operations with TensorFlow: %s\n", TF_Message(status));
  TF_DeleteStatus(status);
  return fine;
}();

}  // namespace
}  // namespace prunebound
