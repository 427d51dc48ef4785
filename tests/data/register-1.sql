-- A register as the first version of its schema had it.
BEGIN TRANSACTION;
CREATE TABLE files (
	id INTEGER NOT NULL, 
	round VARCHAR(80) NOT NULL, 
	path TEXT NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	submission INTEGER, 
	problem VARCHAR(80), 
	modified VARCHAR(40), 
	first_seen VARCHAR(40) NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (round, path, digest), 
	FOREIGN KEY(submission) REFERENCES submissions (id)
);
INSERT INTO "files" VALUES(1,'','a.xlsx','d100000000000000000000000000000000000000000000000000000000000000',1,NULL,NULL,'2026-01-01T00:00:00+00:00');
INSERT INTO "files" VALUES(2,'','a.xlsx','d200000000000000000000000000000000000000000000000000000000000000',2,NULL,NULL,'2026-01-01T00:00:00+00:00');
CREATE TABLE findings (
	submission INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	code VARCHAR(80) NOT NULL, 
	severity VARCHAR(20) NOT NULL, 
	layer VARCHAR(20) NOT NULL, 
	sheet TEXT, 
	cell TEXT, 
	field TEXT, 
	label TEXT, 
	message TEXT NOT NULL, 
	value TEXT, 
	expected TEXT, 
	hint TEXT NOT NULL, 
	related TEXT NOT NULL, 
	PRIMARY KEY (submission, position), 
	FOREIGN KEY(submission) REFERENCES submissions (id)
);
INSERT INTO "findings" VALUES(1,0,'name-not-specific','warning','rule','项目1','C28','name','三级目标','指标名称不具体，只是类别的名称。','数量目标','文字，不超过50字','请写明具体指标，例如“举办讲座场次”。','[]');
INSERT INTO "findings" VALUES(2,0,'name-not-specific','warning','rule','项目1','C28','name','三级目标','指标名称不具体，只是类别的名称。','数量目标','文字，不超过50字','请写明具体指标，例如“举办讲座场次”。','[]');
CREATE TABLE forms (
	submission INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	sheet TEXT NOT NULL, 
	unit TEXT, 
	fields TEXT NOT NULL, 
	own TEXT NOT NULL, 
	declaring_unit TEXT, 
	project_name TEXT, 
	project_category TEXT, 
	start_date VARCHAR(10), 
	end_date VARCHAR(10), 
	has_government_purchase BOOLEAN, 
	performance_type TEXT, 
	overview TEXT, 
	basis TEXT, 
	necessity TEXT, 
	safeguards TEXT, 
	implementation_plan TEXT, 
	objectives TEXT, 
	total_budget BIGINT, 
	current_budget BIGINT, 
	prior_budget BIGINT, 
	prior_execution BIGINT, 
	PRIMARY KEY (submission, position), 
	FOREIGN KEY(submission) REFERENCES submissions (id)
);
INSERT INTO "forms" VALUES(1,0,'项目1','上海市科学技术协会学会服务中心','["declaring_unit","project_name","project_category","start_date","end_date","has_government_purchase","performance_type","overview","basis","necessity","safeguards","implementation_plan","objectives","total_budget","current_budget","prior_budget","prior_execution"]','{}','上海市科学技术协会学会服务中心','科技工作者系列服务','其他一次性项目','2020-01-01','2020-12-31',0,'事业/专业类','……','……','……','……','……','……',65000000,65000000,NULL,NULL);
INSERT INTO "forms" VALUES(2,0,'项目1','上海市科学技术协会学会服务中心','["declaring_unit","project_name","project_category","start_date","end_date","has_government_purchase","performance_type","overview","basis","necessity","safeguards","implementation_plan","objectives","total_budget","current_budget","prior_budget","prior_execution"]','{}','上海市科学技术协会学会服务中心','科技工作者系列服务','其他一次性项目','2020-01-01','2020-12-31',0,'事业/专业类','……','……','……','……','……','……',65000000,65000000,NULL,NULL);
CREATE TABLE indicators (
	submission INTEGER NOT NULL, 
	form INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	level1 TEXT, 
	level2 TEXT, 
	name TEXT, 
	target TEXT, 
	operator TEXT, 
	number TEXT, 
	unit TEXT, 
	PRIMARY KEY (submission, form, position), 
	FOREIGN KEY(submission) REFERENCES submissions (id)
);
INSERT INTO "indicators" VALUES(1,0,0,'投入与管理','投入管理','预算编制合理性','合理',NULL,NULL,NULL);
INSERT INTO "indicators" VALUES(1,0,1,'投入与管理','投入管理','预算执行率','=100%','=','100','%');
INSERT INTO "indicators" VALUES(2,0,0,'投入与管理','投入管理','预算编制合理性','合理',NULL,NULL,NULL);
INSERT INTO "indicators" VALUES(2,0,1,'投入与管理','投入管理','预算执行率','=100%','=','100','%');
CREATE TABLE meta (
	"key" VARCHAR(40) NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY ("key")
);
INSERT INTO "meta" VALUES('schema_version','1');
CREATE TABLE submissions (
	id INTEGER NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	rules VARCHAR(64) NOT NULL, 
	status VARCHAR(20) NOT NULL, 
	layout VARCHAR(80), 
	fiscal_year INTEGER, 
	unit TEXT, 
	modified TEXT, 
	PRIMARY KEY (id), 
	UNIQUE (digest, rules)
);
INSERT INTO "submissions" VALUES(1,'d100000000000000000000000000000000000000000000000000000000000000','rules','warnings','shanghai-2020',2020,'上海市科学技术协会学会服务中心','2020-01-01T00:00:00Z');
INSERT INTO "submissions" VALUES(2,'d200000000000000000000000000000000000000000000000000000000000000','rules','warnings','shanghai-2020',2020,'上海市科学技术协会学会服务中心','2020-01-01T00:00:00Z');
CREATE INDEX files_by_digest ON files (digest);
COMMIT;
