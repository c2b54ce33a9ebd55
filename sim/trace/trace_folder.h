// SPDX-License-Identifier: Apache-2.0
// A scenario as files: trace.jsonl, collector.yaml, stations.csv and truth.json in one folder.
//
// Ownership: none kept. Thread: one at a time. Failure: STATUS_IO with the path in `problem`, or
// what the scenario gave.
#ifndef SIM_TRACE_TRACE_FOLDER_H
#define SIM_TRACE_TRACE_FOLDER_H

#include "sim/trace/scenario.h"

#include <stdio.h>

// Runs the scenario. The folder exists.
MUST_CHECK enum status trace_folder_write(struct scenario *scenario, const char *folder,
                                          char problem[TEXT_SIZE]);
// The pieces, each to an open file.
void trace_folder_config(const struct plant *plant, FILE *file);
void trace_folder_stations(const struct plant *plant, FILE *file);
void trace_folder_truth(const struct truth *truth, FILE *file);

#endif
