#include "api/http.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <mutex>
#include <thread>

#include "api/http_head.h"
#include "api/multipart.h"
#include "api/static_files.h"
#include "api/test_client.h"

namespace {

using api::HttpServer;
using api_test::Socket;

// Answers what it understood of the request.
void echo(api::Request r, api::ReplyPtr reply) {
  std::string text = r.method + " " + r.path + " [" + r.body + "]";
  for (const auto& [name, value] : r.query) text += " " + name + "=" + value;
  reply->send(api::Response::text(std::move(text)));
}

std::unique_ptr<HttpServer> serve(HttpServer::Handler handler = echo, HttpServer::Options options = {}) {
  auto server = HttpServer::start(std::move(options), std::move(handler));
  EXPECT_TRUE(server.has_value()) << server.error().text();
  return std::move(*server);
}

Socket::Answer ask(const HttpServer& server, std::string_view bytes) {
  Socket s(server.port());
  EXPECT_TRUE(s.ok());
  s.send(bytes);
  return s.read_answer(bytes.starts_with("HEAD"));
}

struct BadRequest { const char* name; std::string bytes; int status; };
void PrintTo(const BadRequest& b, std::ostream* out) { *out << b.name; }
class Bad : public testing::TestWithParam<BadRequest> {};

TEST_P(Bad, IsRefusedAndTheConnectionCloses) {
  std::atomic<int> handled{0};
  auto server = serve([&](api::Request r, api::ReplyPtr reply) {
    ++handled;
    echo(std::move(r), std::move(reply));
  });
  Socket s(server->port());
  s.send(GetParam().bytes);
  const auto answer = s.read_answer();
  EXPECT_EQ(answer.status, GetParam().status) << answer.head << answer.body;
  EXPECT_NE(answer.head.find("application/problem+json"), std::string::npos);
  EXPECT_NE(answer.head.find("Connection: close"), std::string::npos);
  EXPECT_EQ(s.read_all(), "") << "nothing after the refusal: a smuggled request must not be answered";
  EXPECT_EQ(handled, 0);
}

INSTANTIATE_TEST_SUITE_P(Http, Bad, testing::Values(
  BadRequest{"missing_host", "GET / HTTP/1.1\r\n\r\n", 400},
  BadRequest{"two_hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400},
  BadRequest{"host_with_path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
  BadRequest{"obs_fold", "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n\r\n", 400},
  BadRequest{"obs_fold_first", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400},
  BadRequest{"unknown_transfer_encoding", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400},
  BadRequest{"transfer_encoding_identity", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n", 400},
  BadRequest{"two_transfer_encodings", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
  BadRequest{"equal_content_lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx", 400},
  BadRequest{"list_content_length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\nx", 400},
  BadRequest{"signed_content_length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\nx", 400},
  BadRequest{"length_and_chunked", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n", 400},
  BadRequest{"chunked_in_1_0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
  BadRequest{"bare_lf", "GET / HTTP/1.1\nHost: a\n\n", 400},
  BadRequest{"one_bare_lf", "GET / HTTP/1.1\r\nHost: a\nX: 1\r\n\r\n", 400},
  BadRequest{"bare_cr", "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r2\r\n\r\n", 400},
  BadRequest{"nul", std::string("GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n", 34), 400},
  BadRequest{"space_before_colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400},
  BadRequest{"no_colon", "GET / HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n", 400},
  BadRequest{"two_spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
  BadRequest{"no_version", "GET /\r\nHost: a\r\n\r\n", 400},
  BadRequest{"http_2", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 400},
  BadRequest{"not_http", "\x16\x03\x01\x02\r\n\r\n", 400},
  BadRequest{"dot_dot", "GET /a/../b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
  BadRequest{"encoded_dot_dot", "GET /a/%2e%2E/b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
  BadRequest{"encoded_slash", "GET /a%2fb HTTP/1.1\r\nHost: a\r\n\r\n", 400},
  BadRequest{"encoded_nul", "GET /a%00 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
  BadRequest{"half_percent", "GET /a%2 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
  BadRequest{"raw_utf8", "GET /\xC3\xA6 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
  BadRequest{"no_slash", "GET a HTTP/1.1\r\nHost: a\r\n\r\n", 400},
  BadRequest{"bad_chunk_size", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", 400},
  BadRequest{"many_headers", [] { std::string s = "GET / HTTP/1.1\r\nHost: a\r\n"; for (int i = 0; i < 101; ++i) s += "X: 1\r\n"; return s + "\r\n"; }(), 400},
  BadRequest{"huge_header", "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(base::limits::kHttpHeaderBytes, 'x') + "\r\n\r\n", 431},
  BadRequest{"huge_length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 33554433\r\n\r\n", 413},
  BadRequest{"absurd_length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n", 400}),
  [](const auto& info) { return std::string(info.param.name); });

TEST(Http, GoodRequests) {
  auto server = serve();
  EXPECT_EQ(ask(*server, "GET /a/b%20c?x=1+2&y=%C3%A6 HTTP/1.1\r\nHost: a\r\n\r\n").body, "GET /a/b c [] x=1 2 y=æ");
  EXPECT_EQ(ask(*server, "\r\nGET http://host/p HTTP/1.1\r\nHost: host\r\n\r\n").body, "GET /p []");
  EXPECT_EQ(ask(*server, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc").body, "POST / [abc]");
  EXPECT_EQ(ask(*server, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1;x=y\r\nc\r\n0\r\n\r\n").body, "POST / [abc]");
  const auto head = ask(*server, "HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(head.status, 200);
  EXPECT_NE(head.head.find("Content-Length: 10"), std::string::npos) << head.head;
}

TEST(Http, HeaderAtTheLimitIsRead) {
  auto server = serve();
  const std::string around = "GET / HTTP/1.1\r\nHost: a\r\nX: \r\n\r\n";
  std::string bytes = around;
  bytes.insert(around.size() - 4, std::string(base::limits::kHttpHeaderBytes - around.size(), 'x'));
  ASSERT_EQ(bytes.size(), base::limits::kHttpHeaderBytes);
  EXPECT_EQ(ask(*server, bytes).status, 200);
  bytes.insert(around.size() - 4, "x");
  EXPECT_EQ(ask(*server, bytes).status, 431);
}

TEST(Http, KeepAliveAndVersions) {
  auto server = serve();
  Socket s(server->port());
  for (int i = 0; i < 3; ++i) {
    s.send("GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(s.read_answer().body, "GET /" + std::to_string(i) + " []");
  }
  s.send("GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(s.read_answer().body, "GET /last []");
  EXPECT_EQ(s.read_all(), "");
  Socket old(server->port());
  old.send("GET /old HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(old.read_all().ends_with("GET /old []"));
}

TEST(Http, PipelinedRequestsAreAnsweredInOrderThoughHandlersFinishOutOfOrder) {
  std::mutex mutex;
  std::vector<std::thread> threads;
  auto server = serve([&](api::Request r, api::ReplyPtr reply) {
    const std::lock_guard lock(mutex);
    threads.emplace_back([path = r.path, reply] {
      std::this_thread::sleep_for(std::chrono::milliseconds(path == "/0" ? 50 : 0));
      reply->send(api::Response::text(path));
    });
  });
  Socket s(server->port());
  std::string all;
  for (int i = 0; i < 20; ++i) all += "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}";
  s.send(all);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(s.read_answer().body, "/" + std::to_string(i));
  server->stop();
  for (auto& t : threads) t.join();
}

TEST(Http, BytesMayComeOneByOne) {
  auto server = serve();
  Socket s(server->port());
  for (const char c : std::string("POST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody")) s.send(std::string(1, c));
  EXPECT_EQ(s.read_answer().body, "POST /slow [body]");
}

TEST(Http, BodyLimitIsAskedBeforeTheBodyIsRead) {
  HttpServer::Options options;
  options.body_limit = [](const api::Request& head) -> std::size_t { return head.path == "/large" ? 100 : 3; };
  auto server = serve(echo, options);
  EXPECT_EQ(ask(*server, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc").status, 200);
  EXPECT_EQ(ask(*server, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nabcd").status, 413);
  EXPECT_EQ(ask(*server, "POST /large HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nabcd").status, 200);
  EXPECT_EQ(ask(*server, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n2\r\ncd\r\n0\r\n\r\n").status, 413);
  Socket s(server->port());
  s.send("POST /large HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(s.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  s.send("abcd");
  EXPECT_EQ(s.read_answer().body, "POST /large [abcd]");
}

TEST(Http, SlowHeadersAreDisconnected) {
  HttpServer::Options options;
  options.header_ms = 50;
  auto server = serve(echo, options);
  Socket s(server->port());
  s.send("GET / HTTP/1.1\r\nHo");
  EXPECT_EQ(s.read_all(), "");
}

TEST(Http, TooManyConnectionsAre503) {
  HttpServer::Options options;
  options.max_connections = 2;
  auto server = serve(echo, options);
  Socket one(server->port()), two(server->port());
  one.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  two.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(one.read_answer().status, 200);
  EXPECT_EQ(two.read_answer().status, 200);
  Socket three(server->port());
  EXPECT_EQ(three.read_answer().status, 503);
}

TEST(Http, DroppedReplyIs500AndASecondAnswerIsIgnored) {
  auto server = serve([](api::Request r, api::ReplyPtr reply) {
    if (r.path == "/drop") return;
    reply->send(api::Response::text("first"));
    reply->send(api::Response::text("second"));
  });
  EXPECT_EQ(ask(*server, "GET /drop HTTP/1.1\r\nHost: a\r\n\r\n").status, 500);
  EXPECT_EQ(ask(*server, "GET / HTTP/1.1\r\nHost: a\r\n\r\n").body, "first");
}

TEST(Http, HeadersOfAnAnswerCannotBeSplit) {
  auto server = serve([](api::Request, api::ReplyPtr reply) { reply->send({200, {{"X-Name", "a\r\nSet-Cookie: b"}}, "body"}); });
  const auto answer = ask(*server, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(answer.head.find("Set-Cookie"), std::string::npos);
  EXPECT_EQ(answer.body, "body");
}

TEST(Http, EventsReachTheBrowserAndItsGoingIsNoticed) {
  std::shared_ptr<api::EventStream> stream;
  std::mutex mutex;
  std::atomic<bool> closed{false};
  auto server = serve([&](api::Request, api::ReplyPtr reply) {
    const std::lock_guard lock(mutex);
    stream = reply->stream();
    stream->on_close([&] { closed = true; });
  });
  {
    Socket s(server->port());
    s.send("GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
    const std::string head = s.read_until("retry: 2000");
    EXPECT_NE(head.find("Content-Type: text/event-stream"), std::string::npos);
    const std::lock_guard lock(mutex);
    EXPECT_TRUE(stream->send("task", "{\"a\":1}\nmore"));
    EXPECT_NE(s.read_until("more\n\n").find("event: task\ndata: {\"a\":1}\ndata: more\n\n"), std::string::npos);
  }
  while (!closed) std::this_thread::yield();
  EXPECT_FALSE(stream->open());
  EXPECT_FALSE(stream->send("task", "late"));
}

TEST(Http, AReaderThatDoesNotReadIsDisconnected) {
  std::shared_ptr<api::EventStream> stream;
  std::atomic<bool> have{false};
  auto server = serve([&](api::Request, api::ReplyPtr reply) {
    stream = reply->stream();
    have = true;
  });
  Socket s(server->port());
  s.send("GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
  while (!have) std::this_thread::yield();
  const std::string big(32 << 10, 'x');
  while (stream->send("note", big)) {
  }
  EXPECT_FALSE(stream->send("note", "x"));
}

TEST(Http, StopAnswersWhatIsUnderWay) {
  std::atomic<bool> arrived{false};
  api::ReplyPtr kept;
  auto server = serve([&](api::Request, api::ReplyPtr reply) {
    kept = std::move(reply);
    arrived = true;
  });
  Socket busy(server->port()), idle(server->port());
  busy.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  while (!arrived) std::this_thread::yield();
  std::thread later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    kept->send(api::Response::text("done"));
    kept.reset();
  });
  server->stop(5'000);
  later.join();
  const auto answer = busy.read_answer();
  EXPECT_EQ(answer.body, "done");
  EXPECT_NE(answer.head.find("Connection: close"), std::string::npos);
  EXPECT_EQ(idle.read_all(), "");
  EXPECT_FALSE(Socket(server->port()).ok());
}

TEST(Http, AddressInUseIsAnError) {
  auto server = serve();
  HttpServer::Options options;
  options.port = server->port();
  auto second = HttpServer::start(options, echo);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, base::ErrorCode::io_failed);
  options.address = "localhost";
  EXPECT_EQ(HttpServer::start(options, echo).error().code, base::ErrorCode::invalid_argument);
}

TEST(Multipart, FilesAndFaults) {
  const std::string body = "--b\r\nContent-Disposition: form-data; name=\"resources\"; filename=\"a b.bpmn\"\r\nContent-Type: x\r\n\r\n<a>\r\n</a>\r\n--b\r\n"
                           "Content-Disposition: form-data; name=tenantId\r\n\r\n\r\n--b--\r\n";
  auto parts = api::read_multipart("multipart/form-data; boundary=b", body);
  ASSERT_TRUE(parts.has_value()) << parts.error().text();
  ASSERT_EQ(parts->size(), 2u);
  EXPECT_EQ((*parts)[0].name, "a b.bpmn");
  EXPECT_EQ((*parts)[0].content, "<a>\r\n</a>");
  EXPECT_EQ((*parts)[1].field, "tenantId");
  EXPECT_EQ((*parts)[1].content, "");
  for (const char* bad : {"", "--b", "--b\r\n", "--b\r\nX: y\r\n\r\nz", "--b\r\nX: y\r\n\r\nz\r\n--b--", "--c--"})
    EXPECT_FALSE(api::read_multipart("multipart/form-data; boundary=b", bad).has_value()) << bad;
  EXPECT_FALSE(api::read_multipart("multipart/form-data", body).has_value());
}

TEST(StaticFiles, PagesFilesAndCaching) {
  const std::string folder = testing::TempDir() + "sagsgang-web-" + std::to_string(getpid());
  std::system(("mkdir -p " + folder + "/assets").c_str());
  std::ofstream(folder + "/index.html") << "<html>" << std::string(1000, 'x');
  std::ofstream(folder + "/assets/app-1a2b.js") << std::string(5000, 'j');
  auto files = api::StaticFiles::load(folder);
  ASSERT_TRUE(files.has_value()) << files.error().text();
  const auto get = [&](const char* path, api::Fields headers = {}) {
    api::Request r;
    r.method = "GET";
    r.path = path;
    r.headers = std::move(headers);
    return (*files)->get(r);
  };
  const auto header = [](const api::Response& r, const std::string& name) {
    for (const auto& [n, v] : r.headers)
      if (n == name) return v;
    return std::string();
  };
  EXPECT_TRUE(get("/bank/a/b").body.starts_with("<html>")) << "addresses of pages answer the page";
  EXPECT_EQ(get("/nothing.js").status, 404);
  const auto script = get("/assets/app-1a2b.js", {{"accept-encoding", "gzip, br"}});
  EXPECT_EQ(header(script, "Content-Encoding"), "gzip");
  EXPECT_LT(script.body.size(), 500u);
  EXPECT_NE(header(script, "Cache-Control").find("immutable"), std::string::npos);
  EXPECT_EQ(header(get("/"), "Cache-Control"), "no-cache");
  const auto again = get("/", {{"if-none-match", header(get("/"), "ETag")}});
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.body, "");
  std::system(("rm -rf " + folder).c_str());
}

}  // namespace
