#include "plan.h"
#include <map>

namespace mocha {

// Every plan that there is, by the name that Java uses. Each is defined in the file that its comment names.
PlanPtr elementwise(Args &);  // elementwise.cpp
PlanPtr copy(Args &);         // moves.cpp
PlanPtr channels(Args &);     // moves.cpp
PlanPtr arg_max(Args &);      // reduce.cpp
PlanPtr bias(Args &);         // bias.cpp
PlanPtr cast(Args &);         // bias.cpp
PlanPtr check(Args &);        // indices.cpp
PlanPtr fold(Args &);         // columns.cpp
PlanPtr gather(Args &);       // indices.cpp
PlanPtr max(Args &);          // reduce.cpp
PlanPtr random_numbers(Args &);// random.cpp
PlanPtr scatter_add(Args &);  // indices.cpp
PlanPtr strided_copy(Args &); // strided.cpp
PlanPtr sum(Args &);          // reduce.cpp
PlanPtr unfold(Args &);       // columns.cpp

Factory find(const std::string &name) {
    static const std::map<std::string, Factory> all{
        {"elementwise", elementwise},
        {"copy", copy},
        {"channels", channels},
        {"arg max", arg_max},
        {"bias", bias},
        {"cast", cast},
        {"check", check},
        {"fold", fold},
        {"gather", gather},
        {"max", max},
        {"random", random_numbers},
        {"scatter add", scatter_add},
        {"strided copy", strided_copy},
        {"sum", sum},
        {"unfold", unfold},
    };
    auto found = all.find(name);
    return found == all.end() ? nullptr : found->second;
}

}  // namespace mocha
