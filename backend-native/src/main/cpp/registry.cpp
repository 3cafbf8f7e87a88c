#include "plan.h"
#include <map>

namespace mocha {

// Every plan that there is, by the name that Java uses. Each is defined in the file that its comment names.
PlanPtr adam(Args &);                  // updates.cpp
PlanPtr arg_max(Args &);               // reduce.cpp
PlanPtr batch_norm(Args &);            // batchnorm.cpp
PlanPtr batch_norm_gradient(Args &);   // batchnorm.cpp
PlanPtr bias(Args &);                  // bias.cpp
PlanPtr blas_product(Args &);          // product.cpp
PlanPtr cast(Args &);                  // bias.cpp
PlanPtr channels(Args &);              // moves.cpp
PlanPtr check(Args &);                 // indices.cpp
PlanPtr columns_data(Args &);          // convolution_columns.cpp
PlanPtr columns_filter(Args &);        // convolution_columns.cpp
PlanPtr columns_forward(Args &);       // convolution_columns.cpp
PlanPtr commit(Args &);                // updates.cpp
PlanPtr convolution_data(Args &);      // convolution.cpp
PlanPtr convolution_filter(Args &);    // convolution.cpp
PlanPtr convolution_forward(Args &);   // convolution.cpp
PlanPtr copy(Args &);                  // moves.cpp
PlanPtr direct_filter(Args &);         // direct.cpp
PlanPtr elementwise(Args &);           // elementwise.cpp
PlanPtr filter_reorder(Args &);        // convolution.cpp
PlanPtr fold(Args &);                  // columns.cpp
PlanPtr gather(Args &);                // indices.cpp
PlanPtr lrn(Args &);                   // lrn.cpp
PlanPtr lrn_gradient(Args &);          // lrn.cpp
PlanPtr matrix_product(Args &);        // product.cpp
PlanPtr max(Args &);                   // reduce.cpp
PlanPtr pooling(Args &);               // pooling.cpp
PlanPtr pooling_gradient(Args &);      // pooling.cpp
PlanPtr random_numbers(Args &);        // random.cpp
PlanPtr scatter_add(Args &);           // indices.cpp
PlanPtr sgd(Args &);                   // updates.cpp
PlanPtr softmax(Args &);               // softmax.cpp
PlanPtr softmax_gradient(Args &);      // softmax.cpp
PlanPtr softmax_loss(Args &);          // softmax.cpp
PlanPtr softmax_loss_gradient(Args &); // softmax.cpp
PlanPtr strided_copy(Args &);          // strided.cpp
PlanPtr sum(Args &);                   // reduce.cpp
PlanPtr unfold(Args &);                // columns.cpp
PlanPtr winograd_data(Args &);         // winograd.cpp
PlanPtr winograd_filter(Args &);       // winograd.cpp
PlanPtr winograd_filters(Args &);      // winograd.cpp
PlanPtr winograd_forward(Args &);      // winograd.cpp

Factory find(const std::string &name) {
    static const std::map<std::string, Factory> all{
        {"adam", adam},
        {"arg max", arg_max},
        {"batch norm", batch_norm},
        {"batch norm gradient", batch_norm_gradient},
        {"bias", bias},
        {"blas product", blas_product},
        {"cast", cast},
        {"channels", channels},
        {"check", check},
        {"columns data", columns_data},
        {"columns filter", columns_filter},
        {"columns forward", columns_forward},
        {"commit", commit},
        {"convolution data", convolution_data},
        {"convolution filter", convolution_filter},
        {"convolution forward", convolution_forward},
        {"copy", copy},
        {"direct filter", direct_filter},
        {"elementwise", elementwise},
        {"filter reorder", filter_reorder},
        {"fold", fold},
        {"gather", gather},
        {"lrn", lrn},
        {"lrn gradient", lrn_gradient},
        {"matrix product", matrix_product},
        {"max", max},
        {"pooling", pooling},
        {"pooling gradient", pooling_gradient},
        {"random", random_numbers},
        {"scatter add", scatter_add},
        {"sgd", sgd},
        {"softmax", softmax},
        {"softmax gradient", softmax_gradient},
        {"softmax loss", softmax_loss},
        {"softmax loss gradient", softmax_loss_gradient},
        {"strided copy", strided_copy},
        {"sum", sum},
        {"unfold", unfold},
        {"winograd data", winograd_data},
        {"winograd filter", winograd_filter},
        {"winograd filters", winograd_filters},
        {"winograd forward", winograd_forward},
    };
    auto found = all.find(name);
    return found == all.end() ? nullptr : found->second;
}

}  // namespace mocha
