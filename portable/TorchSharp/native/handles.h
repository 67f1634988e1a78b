// What dispatch.cpp and modules.cpp share: tensors as handles, arguments, errors.
#pragma once
#include <torch/torch.h>

#include <string>

using at::Tensor;

extern thread_local std::string last_error;

enum Kind : int64_t { None, TensorValue, Int, Double, Bool, IntList, TensorList, Device, String };

// Mirrors TorchSharp.Native.Value.
struct Value {
  int64_t kind;
  int64_t integer;  // Int, Bool; the length of a list; a device's index
  double number;
  void* pointer;    // a tensor's handle, a list's first element, a string; of a device: its type
};

inline Tensor borrow(void* handle) {
  return Tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim_copy(
      static_cast<c10::TensorImpl*>(handle)));
}

inline void* own(const Tensor& tensor) {
  return tensor.defined() ? Tensor(tensor).unsafeReleaseIntrusivePtr().release() : nullptr;
}

template <typename F>
auto guarded(F&& body, decltype(body()) failure) -> decltype(body()) {
  try {
    return body();
  } catch (const c10::Error& e) {
    last_error = e.what_without_backtrace();
  } catch (const std::exception& e) {
    last_error = e.what();
  }
  return failure;
}
