// libtorch for the portable TorchSharp: every ATen operator through the dispatcher's boxed call, and what is no
// operator (handles, autograd, memory; modules.cpp: libtorch's own modules). A function that fails returns null or
// non-zero and leaves its message in gx_error().
#include "handles.h"

#include <ATen/Parallel.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/csrc/autograd/autograd.h>

using c10::IValue;

thread_local std::string last_error;

namespace {
std::vector<Tensor> borrow_all(void* const* handles, int64_t count) {
  std::vector<Tensor> tensors;
  tensors.reserve(count);
  for (int64_t i = 0; i < count; i++) tensors.push_back(handles[i] ? borrow(handles[i]) : Tensor());
  return tensors;
}

IValue to_ivalue(const Value& v, const c10::TypePtr& type) {
  switch (v.kind) {
    case TensorValue: return v.pointer ? IValue(borrow(v.pointer)) : IValue();
    case Int: return type->kind() == c10::TypeKind::FloatType ? IValue(double(v.integer)) : IValue(v.integer);
    case Double: return IValue(v.number);
    case Bool: return IValue(v.integer != 0);
    case IntList: {
      auto* first = static_cast<const int64_t*>(v.pointer);
      return IValue(std::vector<int64_t>(first, first + v.integer));
    }
    case TensorList: {
      auto tensors = borrow_all(static_cast<void* const*>(v.pointer), v.integer);
      if (type->castRaw<c10::ListType>()->getElementType()->kind() == c10::TypeKind::TensorType) return IValue(tensors);
      c10::List<c10::optional<Tensor>> optional;
      for (auto& tensor : tensors) optional.push_back(tensor.defined() ? c10::optional<Tensor>(tensor) : c10::nullopt);
      return IValue(optional);
    }
    case String: return IValue(std::string(static_cast<const char*>(v.pointer)));
    case Device: return IValue(c10::Device(c10::DeviceType(int8_t(reinterpret_cast<intptr_t>(v.pointer))), v.integer));
    default: return IValue();
  }
}
}  // namespace

extern "C" {
const char* gx_error() { return last_error.c_str(); }

// An operator's handle stays valid for the life of the process.
void* gx_operator(const char* name, const char* overload) {
  return guarded([&]() -> void* {
    return new c10::OperatorHandle(c10::Dispatcher::singleton().findSchemaOrThrow(name, overload));
  }, nullptr);
}

// Arguments beyond `count` take the schema's defaults. Each tensor result becomes one handle (a list result: its
// elements in order); other results are left out. Returns the number of handles, or -1.
int64_t gx_call(void* op, const Value* arguments, int64_t count, void** results, int64_t capacity) {
  return guarded([&]() -> int64_t {
    auto& handle = *static_cast<c10::OperatorHandle*>(op);
    auto& parameters = handle.schema().arguments();
    torch::jit::Stack stack;
    stack.reserve(parameters.size());
    for (size_t i = 0; i < parameters.size(); i++) {
      if (int64_t(i) < count) stack.push_back(to_ivalue(arguments[i], parameters[i].type()));
      else stack.push_back(parameters[i].default_value().value_or(IValue()));
    }
    handle.callBoxed(&stack);
    int64_t n = 0;
    auto add = [&](const Tensor& t) {
      TORCH_CHECK(n < capacity, "more than ", capacity, " results");
      results[n++] = own(t);
    };
    for (auto& value : stack) {
      if (value.isTensor()) add(value.toTensor());
      else if (value.isTensorList()) for (const Tensor& t : value.toTensorList()) add(t);
    }
    return n;
  }, -1);
}

void gx_release(void* handle) {
  c10::intrusive_ptr<c10::TensorImpl>::reclaim(static_cast<c10::TensorImpl*>(handle));
}

int64_t gx_dim(void* t) { return borrow(t).dim(); }
void gx_sizes(void* t, int64_t* sizes) { auto s = borrow(t).sizes(); std::copy(s.begin(), s.end(), sizes); }
int64_t gx_numel(void* t) { return borrow(t).numel(); }
int64_t gx_dtype(void* t) { return int64_t(borrow(t).scalar_type()); }
int64_t gx_element_size(void* t) { return borrow(t).element_size(); }
int64_t gx_device_type(void* t) { return int64_t(borrow(t).device().type()); }
int64_t gx_device_index(void* t) { return borrow(t).device().index(); }
int64_t gx_is_contiguous(void* t) { return borrow(t).is_contiguous(); }
int64_t gx_is_leaf(void* t) { return borrow(t).is_leaf(); }
int64_t gx_requires_grad(void* t) { return borrow(t).requires_grad(); }
void* gx_data(void* t) { return guarded([&] { return borrow(t).data_ptr(); }, nullptr); }

int64_t gx_set_requires_grad(void* t, int64_t on) {
  return guarded([&]() -> int64_t { borrow(t).requires_grad_(on != 0); return 0; }, -1);
}

void* gx_grad(void* t) { return own(borrow(t).grad()); }

int64_t gx_set_grad(void* t, void* grad) {
  return guarded([&]() -> int64_t { borrow(t).mutable_grad() = grad ? borrow(grad) : Tensor(); return 0; }, -1);
}

int64_t gx_set_data(void* t, void* data) {
  return guarded([&]() -> int64_t { borrow(t).set_data(borrow(data)); return 0; }, -1);
}

int64_t gx_backward(void* t, int64_t retain_graph, int64_t create_graph) {
  return guarded([&]() -> int64_t { borrow(t).backward({}, retain_graph != 0, create_graph != 0); return 0; }, -1);
}

int64_t gx_autograd(void* const* outputs, int64_t n_out, void* const* inputs, int64_t n_in, void* const* grad_outputs,
                    int64_t n_grad, int64_t retain, int64_t create, int64_t allow_unused, void** results) {
  return guarded([&]() -> int64_t {
    auto grads = torch::autograd::grad(borrow_all(outputs, n_out), borrow_all(inputs, n_in),
                                       borrow_all(grad_outputs, n_grad), retain != 0, create != 0, allow_unused != 0);
    for (size_t i = 0; i < grads.size(); i++) results[i] = own(grads[i]);
    return 0;
  }, -1);
}

int64_t gx_grad_mode(int64_t on) {  // on < 0 only asks
  bool before = at::GradMode::is_enabled();
  if (on >= 0) at::GradMode::set_enabled(on != 0);
  return before;
}

void gx_manual_seed(int64_t seed) { torch::manual_seed(seed); }
int64_t gx_get_num_threads() { return at::get_num_threads(); }
void gx_set_num_threads(int64_t n) { at::set_num_threads(int(n)); }
}
