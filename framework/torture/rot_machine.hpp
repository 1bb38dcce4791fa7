// Damages small databases file by file in every way that rot_mutation.hpp knows, and holds the tree
// to its contract: the right answers, or an Error(corruption) that names file and offset; never
// wrong data, and never anything else.
//
// Each damaged folder is opened and read whole, by lookups of every key and by a scan. Besides, of
// some: `lab verify` names damage or the data is right, and `lab repair` makes a tree that opens
// and holds nothing that was never written. The last log of a tree that was not closed may have
// lost its end to a crash as well: a shorter prefix of commit order is counted apart.
//
// An error about a file that is not there names no offset; every other one does.
#pragma once

#include "framework/torture/machine.hpp"

namespace lsm::torture {

Report run_rot_machine(const Options& options);

}  // namespace lsm::torture
