#include "plan.h"
#include <map>

namespace mocha {

// Every plan that there is, by the name that Java uses. Each is defined in the file that its comment names.
PlanPtr adam(Args &);                 // updates.cpp
PlanPtr blas_product(Args &);         // product.cpp
PlanPtr channels(Args &);             // moves.cpp
PlanPtr columns_data(Args &);         // columns.cpp
PlanPtr columns_filter(Args &);       // columns.cpp
PlanPtr columns_forward(Args &);      // columns.cpp
PlanPtr commit(Args &);               // updates.cpp
PlanPtr convolution_data(Args &);     // convolution.cpp
PlanPtr convolution_filter(Args &);   // convolution.cpp
PlanPtr convolution_forward(Args &);  // convolution.cpp
PlanPtr copy(Args &);                 // moves.cpp
PlanPtr elementwise(Args &);          // elementwise.cpp
PlanPtr filter_reorder(Args &);       // convolution.cpp
PlanPtr matrix_product(Args &);       // product.cpp
PlanPtr sgd(Args &);                  // updates.cpp
PlanPtr winograd_filter(Args &);      // winograd.cpp
PlanPtr winograd_filters(Args &);     // winograd.cpp
PlanPtr winograd_forward(Args &);     // winograd.cpp

Factory find(const std::string &name) {
    static const std::map<std::string, Factory> all{
        {"adam", adam},
        {"blas product", blas_product},
        {"channels", channels},
        {"columns data", columns_data},
        {"columns filter", columns_filter},
        {"columns forward", columns_forward},
        {"commit", commit},
        {"convolution data", convolution_data},
        {"convolution filter", convolution_filter},
        {"convolution forward", convolution_forward},
        {"copy", copy},
        {"elementwise", elementwise},
        {"filter reorder", filter_reorder},
        {"matrix product", matrix_product},
        {"sgd", sgd},
        {"winograd filter", winograd_filter},
        {"winograd filters", winograd_filters},
        {"winograd forward", winograd_forward},
    };
    auto found = all.find(name);
    return found == all.end() ? nullptr : found->second;
}

}  // namespace mocha
