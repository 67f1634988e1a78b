// The modules that TorchSharp leaves to libtorch: made here, called here, and known to C# by their parameters only.
#include "handles.h"

namespace nn = torch::nn;
using ModulePtr = std::shared_ptr<nn::Module>;

namespace {
ModulePtr& module_of(void* handle) { return *static_cast<ModulePtr*>(handle); }

template <typename Module>
Module& layer_of(const Value& v) { return *module_of(v.pointer)->as<Module>(); }

template <typename Options>
Options transformer_layer(const Value* v) {
  auto options = Options(v[0].integer, v[1].integer).dim_feedforward(v[2].integer).dropout(v[3].number);
  if (v[4].integer == 0) options.activation(torch::kReLU);
  else options.activation(torch::kGELU);
  return options;
}

template <typename Options>
Options recurrent(const Value* v) {
  return Options(v[0].integer, v[1].integer).num_layers(v[2].integer).bias(v[3].integer != 0)
      .batch_first(v[4].integer != 0).dropout(v[5].number).bidirectional(v[6].integer != 0);
}

template <typename Options>
Options with_nonlinearity(Options options, const Value& v) {
  if (v.integer == 0) options.nonlinearity(torch::kReLU);
  else options.nonlinearity(torch::kTanh);
  return options;
}

template <typename Options>
Options embedding(const Value* v) {
  auto options = Options(v[0].integer, v[1].integer).norm_type(v[4].number).scale_grad_by_freq(v[5].integer != 0)
      .sparse(v[6].integer != 0);
  if (v[2].kind != None) options.padding_idx(v[2].integer);
  if (v[3].kind != None) options.max_norm(v[3].number);
  return options;
}

template <typename Module, typename Options>
ModulePtr with_weight(const Options& options, const Value& weight) {
  auto module = std::make_shared<Module>(options);
  if (weight.kind != None) module->weight = borrow(weight.pointer);
  return module;
}

ModulePtr make(const std::string& type, const Value* v) {
  auto cell = [&](auto options) { return options.bias(v[2].integer != 0); };
  if (type == "RNN") return std::make_shared<nn::RNNImpl>(with_nonlinearity(recurrent<nn::RNNOptions>(v), v[7]));
  if (type == "GRU") return std::make_shared<nn::GRUImpl>(recurrent<nn::GRUOptions>(v));
  if (type == "LSTM") return std::make_shared<nn::LSTMImpl>(recurrent<nn::LSTMOptions>(v));
  if (type == "RNNCell")
    return std::make_shared<nn::RNNCellImpl>(with_nonlinearity(cell(nn::RNNCellOptions(v[0].integer, v[1].integer)), v[3]));
  if (type == "GRUCell") return std::make_shared<nn::GRUCellImpl>(cell(nn::GRUCellOptions(v[0].integer, v[1].integer)));
  if (type == "LSTMCell") return std::make_shared<nn::LSTMCellImpl>(cell(nn::LSTMCellOptions(v[0].integer, v[1].integer)));
  if (type == "Embedding") return with_weight<nn::EmbeddingImpl>(embedding<nn::EmbeddingOptions>(v), v[7]);
  if (type == "EmbeddingBag") {
    auto options = embedding<nn::EmbeddingBagOptions>(v).include_last_offset(v[9].integer != 0);
    if (v[8].integer == 0) options.mode(torch::kSum);
    else if (v[8].integer == 1) options.mode(torch::kMean);
    else options.mode(torch::kMax);
    return with_weight<nn::EmbeddingBagImpl>(options, v[7]);
  }
  if (type == "MultiheadAttention")
    return std::make_shared<nn::MultiheadAttentionImpl>(nn::MultiheadAttentionOptions(v[0].integer, v[1].integer)
        .dropout(v[2].number).bias(v[3].integer != 0).add_bias_kv(v[4].integer != 0).add_zero_attn(v[5].integer != 0)
        .kdim(v[6].integer).vdim(v[7].integer));
  if (type == "TransformerEncoderLayer")
    return std::make_shared<nn::TransformerEncoderLayerImpl>(transformer_layer<nn::TransformerEncoderLayerOptions>(v));
  if (type == "TransformerDecoderLayer")
    return std::make_shared<nn::TransformerDecoderLayerImpl>(transformer_layer<nn::TransformerDecoderLayerOptions>(v));
  if (type == "TransformerEncoder")
    return std::make_shared<nn::TransformerEncoderImpl>(nn::TransformerEncoderOptions(
        nn::TransformerEncoderLayer(layer_of<nn::TransformerEncoderLayerImpl>(v[0])), v[1].integer));
  if (type == "TransformerDecoder")
    return std::make_shared<nn::TransformerDecoderImpl>(nn::TransformerDecoderOptions(
        nn::TransformerDecoderLayer(layer_of<nn::TransformerDecoderLayerImpl>(v[0])), v[1].integer));
  TORCH_CHECK(type == "Transformer", "no module ", type);
  auto options = nn::TransformerOptions(v[0].integer, v[1].integer).num_encoder_layers(v[5].integer)
      .num_decoder_layers(v[6].integer).dim_feedforward(v[2].integer).dropout(v[3].number);
  if (v[4].integer == 0) options.activation(torch::kReLU);
  else options.activation(torch::kGELU);
  return std::make_shared<nn::TransformerImpl>(options);
}

// Arguments that are no tensor are absent, but for MultiheadAttention's flag.
std::vector<Tensor> call(nn::Module& module, const Value* v) {
  auto in = [&](int i) { return v[i].kind == TensorValue ? borrow(v[i].pointer) : Tensor(); };
  if (auto* m = module.as<nn::LSTMImpl>()) {
    auto result = m->forward(in(0), std::make_tuple(in(1), in(2)));
    return {std::get<0>(result), std::get<0>(std::get<1>(result)), std::get<1>(std::get<1>(result))};
  }
  auto pair = [](const std::tuple<Tensor, Tensor>& t) { return std::vector<Tensor>{std::get<0>(t), std::get<1>(t)}; };
  if (auto* m = module.as<nn::RNNImpl>()) return pair(m->forward(in(0), in(1)));
  if (auto* m = module.as<nn::GRUImpl>()) return pair(m->forward(in(0), in(1)));
  if (auto* m = module.as<nn::LSTMCellImpl>()) return pair(m->forward(in(0), std::make_tuple(in(1), in(2))));
  if (auto* m = module.as<nn::RNNCellImpl>()) return {m->forward(in(0), in(1))};
  if (auto* m = module.as<nn::GRUCellImpl>()) return {m->forward(in(0), in(1))};
  if (auto* m = module.as<nn::EmbeddingImpl>()) return {m->forward(in(0))};
  if (auto* m = module.as<nn::EmbeddingBagImpl>()) return {m->forward(in(0), in(1), in(2))};
  if (auto* m = module.as<nn::MultiheadAttentionImpl>())
    return pair(m->forward(in(0), in(1), in(2), in(3), v[4].integer != 0, in(5)));
  if (auto* m = module.as<nn::TransformerEncoderLayerImpl>()) return {m->forward(in(0), in(1), in(2))};
  if (auto* m = module.as<nn::TransformerEncoderImpl>()) return {m->forward(in(0), in(1), in(2))};
  if (auto* m = module.as<nn::TransformerDecoderLayerImpl>()) return {m->forward(in(0), in(1), in(2), in(3), in(4), in(5))};
  if (auto* m = module.as<nn::TransformerDecoderImpl>()) return {m->forward(in(0), in(1), in(2), in(3), in(4), in(5))};
  return {module.as<nn::TransformerImpl>()->forward(in(0), in(1), in(2), in(3), in(4), in(5), in(6), in(7))};
}
}  // namespace

extern "C" {
void* gx_module(const char* type, const Value* arguments) {
  return guarded([&]() -> void* { return new ModulePtr(make(type, arguments)); }, nullptr);
}

void gx_module_release(void* module) { delete &module_of(module); }

// Eight arguments always: those that a module doesn't take or that are absent are None.
int64_t gx_module_call(void* module, const Value* arguments, void** results) {
  return guarded([&]() -> int64_t {
    int64_t n = 0;
    for (auto& result : call(*module_of(module), arguments)) results[n++] = own(result);
    return n;
  }, -1);
}

// Calls back with each parameter (of the modules inside too, by their dotted names), a handle to keep.
void gx_module_parameters(void* module, void (*add)(const char* name, void* parameter)) {
  for (auto& parameter : module_of(module)->named_parameters()) add(parameter.key().c_str(), own(parameter.value()));
}

// What an embedding looks up: not the registered parameter where it was made of given weights.
void* gx_module_weight(void* module) {
  if (auto* m = module_of(module)->as<nn::EmbeddingImpl>()) return own(m->weight);
  return own(module_of(module)->as<nn::EmbeddingBagImpl>()->weight);
}

const char* gx_module_name(void* module) { return module_of(module)->name().c_str(); }

int64_t gx_module_training(void* module, int64_t on) {  // on < 0 only asks
  if (on >= 0) module_of(module)->train(on != 0);
  return module_of(module)->is_training();
}

// torch::nn::functional::interpolate; align: 0 unsaid, 1 true, 2 false.
void* gx_interpolate(void* input, const int64_t* size, int64_t sizes, const double* scale, int64_t scales, int64_t mode,
                     int64_t align, int64_t recompute, int64_t antialias) {
  return guarded([&]() -> void* {
    auto options = nn::functional::InterpolateFuncOptions().recompute_scale_factor(recompute != 0).antialias(antialias != 0);
    if (align != 0) options.align_corners(align == 1);
    if (sizes > 0) options.size(std::vector<int64_t>(size, size + sizes));
    if (scales > 0) options.scale_factor(std::vector<double>(scale, scale + scales));
    switch (mode) {
      case 1: options.mode(torch::kLinear); break;
      case 2: options.mode(torch::kBilinear); break;
      case 3: options.mode(torch::kBicubic); break;
      case 4: options.mode(torch::kTrilinear); break;
      case 5: options.mode(torch::kArea); break;
      case 6: options.mode(torch::kNearestExact); break;
      default: options.mode(torch::kNearest);
    }
    return own(nn::functional::interpolate(borrow(input), options));
  }, nullptr);
}
}
