#include "plan.h"
#include <map>

namespace mocha {

// Every plan that there is, by the name that Java uses. Each is defined in the file that its comment names.
PlanPtr elementwise(Args &);  // elementwise.cpp
PlanPtr copy(Args &);         // moves.cpp
PlanPtr channels(Args &);     // moves.cpp

Factory find(const std::string &name) {
    static const std::map<std::string, Factory> all{
        {"elementwise", elementwise},
        {"copy", copy},
        {"channels", channels},
    };
    auto found = all.find(name);
    return found == all.end() ? nullptr : found->second;
}

}  // namespace mocha
