"""One cell of another solver: rivals.py SOLVER FILE LIMIT_S SEED prints its routes as JSON, with the CPU seconds of the process.

Routes are lists of {vehicle, copy, visits}, a visit being {stop} or {site}, numbered as our own readers number them. Only what a solver's own reader or
a plain matrix model can express is asked of it; anything else ends with exit code 3.
"""

import json
import math
import re
import sys
import time

solver, path, limit, seed = sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4])
began = time.process_time()


def emit(routes, version, **more):
    print(json.dumps({"routes": routes, "cpu": round(time.process_time(), 2), "version": version, **more}))


def unsupported(why):
    print(why, file=sys.stderr)
    sys.exit(3)


def read_cvrp():
    text = open(path).read()
    capacity = int(re.search(r"CAPACITY\s*:\s*(\d+)", text).group(1))
    section = lambda name: re.search(name + r"\s*\n(.*?)\n\s*[A-Z]", text, re.S).group(1).splitlines()
    xy = [tuple(map(float, line.split()[1:3])) for line in section("NODE_COORD_SECTION")]
    demand = [int(line.split()[1]) for line in section("DEMAND_SECTION")]
    matrix = [[int(math.hypot(a[0] - b[0], a[1] - b[1]) + 0.5) for b in xy] for a in xy]
    return capacity, xy, demand, matrix


def read_solomon():
    rows = [line.split() for line in open(path)]
    at = next(i for i, row in enumerate(rows) if row[:1] == ["NUMBER"])
    count, capacity = map(int, rows[at + 1][:2])
    nodes = [list(map(float, row)) for row in rows[at + 2 :] if len(row) >= 7 and row[0].isdigit()]
    return count, capacity, nodes


def plain(sequences):
    return [{"vehicle": 0, "copy": k, "visits": [{"stop": c - 1} for c in route]} for k, route in enumerate(r for r in sequences if r)]


def run_pyvrp():
    import importlib.metadata
    import numpy as np
    import pyvrp
    from pyvrp.stop import StoppingCriterion  # noqa: F401

    class Cpu:
        def __call__(self, best_cost):
            return time.process_time() >= limit

        def criteria(self):
            return []

        def fraction_remaining(self):
            return None

    version = importlib.metadata.version("pyvrp")
    if path.endswith(".txt"):
        if "homberger-1000" not in path:
            unsupported("vehicles first is not a single PyVRP run")
        count, capacity, nodes = read_solomon()
        model = pyvrp.Model()
        cut = lambda v: int(math.floor(v * 10 + 1e-9))
        places = [model.add_location(n[1], n[2]) for n in nodes]
        depot = model.add_depot(places[0], tw_early=cut(nodes[0][4]), tw_late=cut(nodes[0][5]))
        for place, n in zip(places[1:], nodes[1:]):
            model.add_client(place, delivery=int(n[3]), service_duration=cut(n[6]), tw_early=cut(n[4]), tw_late=cut(n[5]))
        model.add_vehicle_type(count, capacity=int(capacity), start_depot=depot, end_depot=depot)
        for i, a in enumerate(nodes):
            for j, b in enumerate(nodes):
                if i != j:
                    d = cut(math.hypot(a[1] - b[1], a[2] - b[2]))
                    model.add_edge(places[i], places[j], distance=d, duration=d)
        data = model.data()
    else:
        kind = re.search(r"TYPE\s*:\s*(\S+)", open(path).read()).group(1)
        rounding = {"CVRP": "round", "HFVRP": "exact", "MDVRPTW": "exact"}.get(kind, "dimacs")
        data = pyvrp.read(path, round_func=rounding)
    result = pyvrp.solve(data, Cpu(), seed=seed, collect_stats=False, display=False)
    used = {}
    names = [list(map(int, t.name.split(","))) if t.name else None for t in data.vehicle_types()]
    routes = []
    for route in result.best.routes():
        t = route.vehicle_type()
        copy = used.get(t, 0)
        used[t] = copy + 1
        visits = []
        activities = [a.activity if hasattr(a, "activity") else a for a in route]
        for a in activities:
            if "CLIENT" in str(a.type):
                visits.append({"stop": a.idx})
            elif visits and "DEPOT" in str(a.type):
                visits.append({"site": a.idx})
        if visits and "site" in visits[-1]:
            visits.pop()
        several = names[t] is not None
        routes.append({"vehicle": names[t][copy] if several else t, "copy": 0 if several else copy, "visits": visits})
    emit(routes, version, stated=result.best.distance(), feasible=result.best.is_feasible())


def run_hygese():
    import importlib.metadata
    import hygese

    if path.endswith(".txt") or "TYPE : CVRP" not in re.sub(r"\s*:\s*", " : ", open(path).read()):
        unsupported("HGS-CVRP solves the plain problem only")
    capacity, xy, demand, matrix = read_cvrp()
    parameters = hygese.AlgorithmParameters(timeLimit=limit, seed=seed, nbIter=2000000000)
    data = {"x_coordinates": [p[0] for p in xy], "y_coordinates": [p[1] for p in xy], "demands": demand, "vehicle_capacity": capacity, "depot": 0}
    result = hygese.Solver(parameters=parameters, verbose=False).solve_cvrp(data, rounding=True)
    emit(plain(result.routes), importlib.metadata.version("hygese"), stated=result.cost)


def run_vroom():
    import importlib.metadata
    import numpy as np
    import vroom

    if path.endswith(".txt") or "TYPE : CVRP" not in re.sub(r"\s*:\s*", " : ", open(path).read()):
        unsupported("asked for the plain problem only")
    capacity, xy, demand, matrix = read_cvrp()
    problem = vroom.Input()
    problem.set_durations_matrix("car", np.array(matrix, dtype=np.uint32))
    least = math.ceil(sum(demand) / capacity)
    for k in range(int(1.1 * least) + 4):
        problem.add_vehicle(vroom.Vehicle(k + 1, start=0, end=0, capacity=[capacity]))
    for c in range(1, len(xy)):
        problem.add_job(vroom.Job(c, location=c, delivery=[demand[c]]))
    solution = problem.solve(exploration_level=5, nb_threads=1)
    table = solution.routes
    sequences = [list(map(int, rows[rows["type"] == "job"]["id"])) for _, rows in table.groupby("vehicle_id")]
    emit(plain(sequences), importlib.metadata.version("pyvroom"), stated=int(solution.summary.cost))


def run_ortools():
    import ortools
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    if path.endswith(".txt") or "TYPE : CVRP" not in re.sub(r"\s*:\s*", " : ", open(path).read()):
        unsupported("asked for the plain problem only")
    capacity, xy, demand, matrix = read_cvrp()
    least = math.ceil(sum(demand) / capacity)
    vehicles = int(1.1 * least) + 4
    manager = pywrapcp.RoutingIndexManager(len(xy), vehicles, 0)
    routing = pywrapcp.RoutingModel(manager)
    transit = routing.RegisterTransitMatrix(matrix)
    routing.SetArcCostEvaluatorOfAllVehicles(transit)
    load = routing.RegisterUnaryTransitVector(demand)
    routing.AddDimension(load, 0, capacity, True, "load")
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PATH_CHEAPEST_ARC
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    # The library counts wall time; the callback ends the search when the CPU limit is reached.
    parameters.time_limit.FromSeconds(int(limit * 3) + 5)
    routing.AddAtSolutionCallback(lambda: routing.solver().FinishCurrentSearch() if time.process_time() >= limit else None)
    solution = routing.SolveWithParameters(parameters)
    if solution is None:
        unsupported("no solution within the limit")
    sequences = []
    for k in range(vehicles):
        index, route = routing.Start(k), []
        while not routing.IsEnd(index):
            if manager.IndexToNode(index) != 0:
                route.append(manager.IndexToNode(index))
            index = solution.Value(routing.NextVar(index))
        sequences.append(route)
    emit(plain(sequences), ortools.__version__, stated=solution.ObjectiveValue())


{"pyvrp": run_pyvrp, "hygese": run_hygese, "vroom": run_vroom, "ortools": run_ortools}[solver]()
